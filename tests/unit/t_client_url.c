/*
 * t_client_url.c: which URLs name a WebSocket server, and what they say.
 */
#include "client/url.h"

#include <string.h>

#include "base/utf8.h"
#include "tap.h"

static void
good(const char *text, bool tls, const char *host, int port,
    const char *authority, const char *path)
{
	struct errbuf e = { "" };
	struct ws_url u = { 0 };

	if (!tap_int(url_parse(&u, text, &e), 0, "%s is one", text)) {
		tap_diag("%s", e.msg);
		return;
	}
	tap_int(u.tls, tls, "%s: TLS", text);
	tap_str(u.host, host, "%s: host", text);
	tap_int(u.port, port, "%s: port", text);
	tap_str(u.authority, authority, "%s: authority", text);
	tap_str(u.path, path, "%s: path", text);
	tap_str(u.socket, NULL, "%s: TCP", text);
	url_clear(&u);
	tap_ok(u.host == NULL, "cleared");
}

static void
good_unix(const char *text, const char *path, const char *request)
{
	struct errbuf e = { "" };
	struct ws_url u = { 0 };

	if (!tap_int(url_parse(&u, text, &e), 0, "%s is one", text)) {
		tap_diag("%s", e.msg);
		return;
	}
	tap_str(u.socket, path, "%s: socket", text);
	tap_str(u.path, request, "%s: path", text);
	tap_str(u.authority, "localhost", "%s: authority", text);
	tap_ok(!u.tls, "%s: no TLS", text);
	url_clear(&u);
	tap_ok(u.socket == NULL, "cleared");
}

static void
bad(const char *text, const char *why)
{
	struct errbuf e = { "" };
	struct ws_url u = { 0 };

	tap_int(url_parse(&u, text, &e), -1, "a URL is refused");
	tap_ok(strstr(e.msg, why) != NULL, "since: %s", why);
	tap_ok(u.host == NULL && u.path == NULL, "and yields nothing");
}

/* What is no WebSocket server's URL, for the tools that know such. */
static void
other_scheme(void)
{
	struct errbuf e = { "" };
	struct ws_url u = { 0 };

	tap_int(url_parse_as(&u, "db://h", "db://", 6379, &e), 0,
	    "a scheme of its own");
	tap_str(u.host, "h", "its host");
	tap_int(u.port, 6379, "its port");
	url_clear(&u);
	tap_int(url_parse_as(&u, "ws://h", "db://", 6379, &e), -1,
	    "no other scheme");
	tap_str(e.msg, "URL \"ws://h\": does not start with db://", "since");
}

static void
shown(const char *text, const char *want)
{
	tap_str(url_show(text).s, want, "%s, shown", text);
}

static void
what_is_shown(void)
{
	char longer[1024];
	size_t i, n;

	shown("ws://h:80/a", "ws://h:80/a");
	shown("ws://h/?ticket=S#x", "ws://h/");
	shown("ws://h/#S", "ws://h/");
	shown("ws://u:S@h/a?b", "ws://...@h/a");
	shown("ws://u:S/S@h/a", "ws://...@h/a");
	shown("ws://u:S@S@h/a", "ws://...@h/a");
	shown("ws://u:S?S@h/a", "ws://...");
	shown("ws://u:S#S@h/?S", "ws://...");
	shown("ws://h/?ticket=S@S", "ws://...");
	shown("h?S", "h");
	shown("u:S@h", "...@h");
	shown("//u:S@h", "...@h");
	shown("ws:/u:S@h/?S", "...@h/");
	shown("ws+unix:///run/s:/ws?S", "ws+unix:///run/s:/ws");
	shown("", "");
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	tap_int((int)strlen(url_show(longer).s), 255, "a long one is cut");
	/* Behind 0 to 3 bytes: each place of the cut within a character. */
	for (i = 0; i < 4; i++) {
		memset(longer, 'a', i);
		for (n = i; n + 4 < sizeof(longer); n += 4)
			memcpy(longer + n, "\xf0\x9f\x98\x80", 4);
		longer[n] = '\0';
		tap_ok(utf8_valid(slice_str(url_show(longer).s)) &&
		    slice_starts(slice_str(url_show(longer).s +
		    strlen(url_show(longer).s) - 3), SLICE("...")),
		    "it is cut behind a character, %zu", i);
	}
}

/* No error has what may be a secret. */
static void
no_secret(const char *text)
{
	struct errbuf e = { "" };
	struct ws_url u = { 0 };

	tap_int(url_parse(&u, text, &e), -1, "a URL with a secret");
	tap_ok(strstr(e.msg, "SECRET") == NULL, "which is not in: %s", e.msg);
}

static void
no_secrets(void)
{
	no_secret("ws://h/?ticket=SECRET#x");
	no_secret("ws://h/?ticket=SECRET a");
	no_secret("http://h/?ticket=SECRET");
	no_secret("h/?ticket=SECRET");
	no_secret("ws+unix://:/?ticket=SECRET");
	no_secret("ws://user:SECRET@h/");
	no_secret("ws://user:SECRET/x@h/");
	no_secret("ws://user:SECRET?x@h/");
	no_secret("ws://user:SECRET#x@h/");
	no_secret("https://user:SECRET@h/");
}

int
main(void)
{
	what_is_shown();
	no_secrets();
	good("ws://h", false, "h", 80, "h", "/");
	good("ws://h/", false, "h", 80, "h", "/");
	good("WSS://h", true, "h", 443, "h", "/");
	good("ws://h:8080/a/b?c=d", false, "h", 8080, "h:8080", "/a/b?c=d");
	good("ws://h?c", false, "h", 80, "h", "/?c");
	good("ws://[::1]:65535/x", false, "::1", 65535, "[::1]:65535", "/x");
	good("wss://[fe80::1]", true, "fe80::1", 443, "[fe80::1]", "/");

	good_unix("ws+unix:///run/s:/ws?a=b", "/run/s", "/ws?a=b");
	good_unix("WS+UNIX:///run/s", "/run/s", "/");
	good_unix("ws+unix://s:", "s", "/");

	bad("ws+unix://", "no socket");
	bad("ws+unix://:/ws", "no socket");
	bad("ws+unix:///s:/a b", "blanks");
	bad("ws+unix:///s:/#x", "#fragment");
	bad("", "ws://");
	bad("h", "ws://");
	bad("http://h/", "ws://");
	bad("ws:/h", "ws://");
	bad("ws://", "no host");
	bad("ws:///x", "no host");
	bad("ws://:80/", "no host");
	bad("ws://[]/", "no host");
	bad("ws://[::1/", "port");
	bad("ws://[::1]x/", "no host");
	bad("ws://h:/", "port");
	bad("ws://h:0/", "port");
	bad("ws://h:65536/", "port");
	bad("ws://h:80x/", "port");
	bad("ws://user:secret@h/", "password");
	bad("ws://h/#x", "#fragment");
	bad("ws://h/a b", "blanks");
	bad("ws://h/\r\nHost: x", "control");
	other_scheme();
	return tap_done();
}
