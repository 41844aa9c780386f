/*
 * url.c: ws:// and wss:// URLs (RFC 6455 section 3), and ws+unix://PATH:/path
 * for a WebSocket server on a Unix socket, as curl and Node's ws have it.
 */
#include "client/url.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/utf8.h"

#define URL_UNIX	"ws+unix://"

/* ---- what may be shown ---- */

/* The length of "scheme://", or 0. */
static size_t
scheme_length(const char *text)
{
	size_t len = strcspn(text, ":/?#@");

	return len > 0 && strncmp(text + len, "://", 3) == 0 ? len + 3 : 0;
}

struct url_shown
url_show(const char *text)
{
	struct url_shown out;
	size_t scheme = scheme_length(text);
	size_t query = strcspn(text, "?#");
	const char *at = strrchr(text, '@'), *rest = text + scheme;
	const char *gone = "";
	int n;

	if (at != NULL) {
		gone = "...";
		rest = at;
	}
	/* A password may have a ?, and a query an @. */
	if (at != NULL && text + query < at)
		rest = "";
	else
		query -= (size_t)(rest - text);
	n = snprintf(out.s, sizeof(out.s), "%.*s%s%.*s", (int)scheme, text,
	    gone, rest[0] == '\0' ? 0 : (int)query, rest);
	if (n >= (int)sizeof(out.s))
		(void)utf8_cut(out.s, sizeof(out.s) - 1);
	return out;
}

/* ---- reading ---- */

/* Whatever ends up in the request's head must not start another line. */
static bool
url_is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || *s == 0x7f)
			return false;
	return true;
}

/* "name", "name:port", "[address]:port" of len bytes.  0 or -1. */
static int
url_authority(struct ws_url *u, const char *s, size_t len, struct errbuf *e)
{
	const char *host, *colon, *end;
	int64_t port = u->port;

	if ((u->authority = strndup(s, len)) == NULL)
		goto nomem;
	host = u->authority;
	if (strchr(host, '@') != NULL) {
		err_set(e, "a name or a password is not supported in it");
		return -1;
	}
	if (host[0] == '[' && (end = strchr(host, ']')) != NULL) {
		host++;
		colon = end + 1;
	} else {
		end = colon = host + strcspn(host, ":");
	}
	if (end == host || (*colon != '\0' && *colon != ':')) {
		err_set(e, "no host in it");
		return -1;
	}
	/* Not what stands there: it may be a password. */
	if (*colon == ':' && num_int(&port, colon + 1, 1, 65535, e) == -1) {
		err_set(e, "port: not a whole number between 1 and "
		    "65535");
		return -1;
	}
	u->port = (int)port;
	if ((u->host = strndup(host, (size_t)(end - host))) != NULL)
		return 0;
nomem:
	err_set(e, "out of memory");
	return -1;
}

/* From the path on; the fragment is not sent (RFC 6455 forbids it). */
static int
url_path(struct ws_url *u, const char *s, struct errbuf *e)
{
	size_t len = strcspn(s, "#");

	if (s[len] == '#') {
		err_set(e, "a WebSocket URL has no #fragment");
		return -1;
	}
	if ((u->path = malloc(len + 2)) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	u->path[0] = '/';
	memcpy(u->path + (s[0] != '/'), s, len + 1);
	return 0;
}

int
url_parse_as(struct ws_url *out, const char *text, const char *scheme,
    int port, struct errbuf *e)
{
	struct ws_url u = { .port = port };
	const char *s;
	size_t len;
	int rc = -1;

	if (!url_is_printable(text)) {
		err_set(e, "blanks or control characters in it");
		goto out;
	}
	if (strncasecmp(text, scheme, strlen(scheme)) != 0) {
		err_set(e, "does not start with %s", scheme);
		goto out;
	}
	s = text + strlen(scheme);
	len = strcspn(s, "/?#");
	if (url_authority(&u, s, len, e) == -1 ||
	    url_path(&u, s + len, e) == -1)
		goto out;
	*out = u;
	rc = 0;
out:
	if (rc == -1) {
		err_wrap(e, "URL \"%s\"", url_show(text).s);
		url_clear(&u);
	}
	return rc;
}

/* "PATH:/path"; without a colon all is the socket's. */
static int
url_socket(struct ws_url *u, const char *s, struct errbuf *e)
{
	size_t len = strcspn(s, ":");

	if (len == 0) {
		err_set(e, "no socket's path in it");
		return -1;
	}
	u->socket = strndup(s, len);
	u->host = strdup("localhost");
	u->authority = strdup("localhost");
	if (u->socket == NULL || u->host == NULL || u->authority == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return url_path(u, s + len + (s[len] == ':'), e);
}

static int
url_parse_unix(struct ws_url *out, const char *text, struct errbuf *e)
{
	struct ws_url u = { 0 };

	if (!url_is_printable(text))
		err_set(e, "blanks or control characters in it");
	else if (url_socket(&u, text + sizeof(URL_UNIX) - 1, e) == 0) {
		*out = u;
		return 0;
	}
	err_wrap(e, "URL \"%s\"", url_show(text).s);
	url_clear(&u);
	return -1;
}

int
url_parse(struct ws_url *out, const char *text, struct errbuf *e)
{
	if (strncasecmp(text, "ws://", 5) == 0)
		return url_parse_as(out, text, "ws://", 80, e);
	if (strncasecmp(text, URL_UNIX, sizeof(URL_UNIX) - 1) == 0)
		return url_parse_unix(out, text, e);
	if (strncasecmp(text, "wss://", 6) != 0) {
		err_set(e, "URL \"%s\": does not start with ws:// or wss://",
		    url_show(text).s);
		return -1;
	}
	if (url_parse_as(out, text, "wss://", 443, e) == -1)
		return -1;
	out->tls = true;
	return 0;
}

void
url_clear(struct ws_url *u)
{
	free(u->socket);
	free(u->host);
	free(u->authority);
	free(u->path);
	*u = (struct ws_url){ 0 };
}
