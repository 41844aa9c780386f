/*
 * t_endpoint.c: addresses to listen on, as users write them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "tap.h"

static void
test_tcp(void)
{
	static const struct {
		const char *text, *host, *port;
	} good[] = {
		{ "127.0.0.1:8080", "127.0.0.1", "8080" },
		{ "[::1]:8080", "::1", "8080" },
		{ "localhost:0", "localhost", "0" },
		{ "*:65535", "", "65535" },
		{ "h:000080", "h", "80" },
	};
	struct endpoint at;
	struct errbuf e = { "" };
	char text[64];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		(void)snprintf(text, sizeof(text), "tls:%s", good[i].text);
		tap_ok(endpoint_parse(&at, good[i].text, &e) == 0 && !at.tls &&
		    at.path == NULL, "%s is TCP", good[i].text);
		tap_str(at.host, good[i].host, "its host");
		tap_str(at.port, good[i].port, "its port");
		tap_ok(endpoint_parse(&at, text, &e) == 0 && at.tls &&
		    strcmp(at.host, good[i].host) == 0, "%s", text);
		tap_str(at.text, good[i].text, "told without tls:");
	}
}

static void
test_unix(void)
{
	struct endpoint at;
	struct errbuf e = { "" };

	tap_int(endpoint_parse(&at, "unix:/run/a:1", &e), 0, "a path");
	tap_str(at.path, "/run/a:1", "may have colons");
	tap_str(at.text, "unix:/run/a:1", "and is told as it was written");
}

static void
assert_proxy(const char *text, bool tls, const char *rest)
{
	struct endpoint at;
	struct errbuf e = { "" };

	tap_ok(endpoint_parse(&at, text, &e) == 0 && at.proxy && at.tls == tls,
	    "%s has a PROXY header%s", text, tls ? " and TLS" : "");
	tap_str(at.text, rest, "told without that");
}

static void
test_proxy(void)
{
	struct endpoint at;
	struct errbuf e = { "" };

	assert_proxy("proxy:127.0.0.1:8080", false, "127.0.0.1:8080");
	assert_proxy("proxy:tls:*:8443", true, "*:8443");
	assert_proxy("proxy:unix:/run/x.sock", false, "unix:/run/x.sock");
	tap_ok(endpoint_parse(&at, "proxy.example:80", &e) == 0 && !at.proxy,
	    "a host may begin like that word");
}

static void
assert_bad(const char *text, const char *reason)
{
	struct endpoint at;
	struct errbuf e = { "" };

	tap_ok(endpoint_parse(&at, text, &e) == -1 &&
	    strstr(e.msg, reason) != NULL, "%.20s: %s", text, e.msg);
}

static void
test_bad(void)
{
	assert_bad("", "such as 127.0.0.1:8080");
	assert_bad("8080", "such as 127.0.0.1:8080");
	assert_bad("[::1]8080", "such as 127.0.0.1:8080");
	assert_bad("[::1:8080", "such as 127.0.0.1:8080");
	assert_bad("::1]:8080", "such as 127.0.0.1:8080");
	assert_bad("127.0.0.1:", "such as 127.0.0.1:8080");
	assert_bad("127.0.0.1:0065536", "such as 127.0.0.1:8080");
	assert_bad(":8080", "means all addresses");
	assert_bad("[]:8080", "means all addresses");
	assert_bad("unix:", "needs a path");
	assert_bad("tls:unix:/run/a", "TLS is for TCP");
}

static void
test_bad_proxy(void)
{
	assert_bad("tls:proxy:*:8443", "in front of tls:");
	assert_bad("proxy:proxy:*:8443", "once");
	assert_bad("proxy:", "is no address");
	assert_bad("proxy:tls:unix:/x", "TLS is for TCP");
}

static void
test_long(void)
{
	struct endpoint at;
	struct errbuf e = { "" };
	char hs[301], text[310];

	memset(hs, 'h', sizeof(hs) - 1);
	hs[sizeof(hs) - 1] = '\0';
	(void)snprintf(text, sizeof(text), "%.255s:80", hs);
	tap_int(endpoint_parse(&at, text, &e), 0, "a host of 255 bytes");
	(void)snprintf(text, sizeof(text), "%.256s:80", hs);
	assert_bad(text, "means all addresses");
	(void)snprintf(text, sizeof(text), "unix:%.107s", hs);
	tap_int(endpoint_parse(&at, text, &e), 0, "a path of 107 bytes");
	(void)snprintf(text, sizeof(text), "unix:%.108s", hs);
	assert_bad(text, "107 bytes");
}

static void
test_list(void)
{
	struct endpoint_list l = { .n = 0 };
	struct errbuf e = { "" };
	char text[8][8];
	size_t i;

	for (i = 0; i < 8; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "*:%zu", i);
		if (endpoint_add(&l, text[i], &e) == -1)
			abort();
	}
	tap_int(endpoint_add(&l, "", &e), -1, "a bad one is not added");
	tap_int((long long)l.n, 8, "a list of eight");
	for (i = 0; i < l.n; i++)
		tap_str(l.v[i].port, text[i] + 2, "in order");
	free(l.v);
}

int
main(void)
{
	test_tcp();
	test_unix();
	test_proxy();
	test_bad();
	test_bad_proxy();
	test_long();
	test_list();
	return tap_done();
}
