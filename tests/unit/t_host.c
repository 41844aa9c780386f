/*
 * t_host.c: hosts in Host, Origin, URLs and lists.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/host.h"
#include "tap.h"

#define LABEL63	"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd" \
		"eeeeeeeeeeffffffffff123"
#define LABEL64	"a" LABEL63

static void
test_good(void)
{
	static const struct {
		const char *text, *name;
		int	    family, port;
		bool	    loopback;
	} good[] = {
		{ "example.com", "example.com", 0, -1, false },
		{ "Example.COM:8080", "Example.COM", 0, 8080, false },
		{ "example.com.", "example.com", 0, -1, false },
		{ "example.com:", "example.com", 0, -1, false },
		{ "my_box", "my_box", 0, -1, false },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example", 0, -1,
		  false },
		{ LABEL63 ".a", LABEL63 ".a", 0, -1, false },
		{ "localhost", "localhost", 0, -1, true },
		{ "LocalHost.:80", "LocalHost", 0, 80, true },
		{ "app.localhost:3000", "app.localhost", 0, 3000, true },
		{ "notlocalhost", "notlocalhost", 0, -1, false },
		{ "localhost.example", "localhost.example", 0, -1, false },
		{ "127.0.0.1", "127.0.0.1", AF_INET, -1, true },
		{ "127.0.0.1.:80", "127.0.0.1", AF_INET, 80, true },
		{ "127.255.0.9:65535", "127.255.0.9", AF_INET, 65535, true },
		{ "128.0.0.1", "128.0.0.1", AF_INET, -1, false },
		{ "0.0.0.0", "0.0.0.0", AF_INET, -1, false },
		{ "127.0.0.1.example", "127.0.0.1.example", 0, -1, false },
		{ "[::1]", "::1", AF_INET6, -1, true },
		{ "[0:0::1]:8080", "0:0::1", AF_INET6, 8080, true },
		{ "[::]", "::", AF_INET6, -1, false },
		{ "[::ffff:127.0.0.1]", "::ffff:127.0.0.1", AF_INET, -1,
		  true },
		{ "[2001:DB8::1]", "2001:DB8::1", AF_INET6, -1, false },
	};
	struct host h;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!tap_ok(host_parse(&h, slice_str(good[i].text)) == 0,
		    "%s is a host", good[i].text))
			continue;
		tap_slice(h.name, good[i].name, "its name");
		tap_int(h.family, good[i].family, "its family");
		tap_int(h.port, good[i].port, "its port");
		tap_int(host_is_loopback(&h), good[i].loopback,
		    "whether it is this machine");
	}
}

static void
test_bad(void)
{
	static const char *const bad[] = { "", ".", "..", ":80", "a..b",
	    ".a", "localhost..", "a b", " a", "a ", "a/", "a/b", "a?b", "a#b",
	    "a@b", "localhost@evil.example", "a\\b", "a%2eb", "b\xc3\xbc",
	    "a:b", "a:-1", "a:65536", "a:80:80", "*", "*.example.com",
	    "127.1", "127.0.0.01", "0x7f.0.0.1", "2130706433", "0x7f000001",
	    "1.2.3.4.5", "256.0.0.1", "evil.1", "evil.0X1",
	    "::1", "[::1", "[]", "[::1]a", "[::1]:a", "[fe80::1%eth0]",
	    "[fe80::1%25eth0]", "[a.b]", "[127.0.0.1]" };
	struct host h;
	char text[300];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(host_parse(&h, slice_str(bad[i])) == -1,
		    "\"%s\" is none", bad[i]);
	tap_ok(host_parse(&h, SLICE(LABEL64)) == -1, "a label of 64 bytes");
	tap_ok(host_parse(&h, SLICE("127.0.0.1\0x")) == -1, "nor with NUL");
	memset(text, 'a', sizeof(text));
	for (i = 1; i < sizeof(text); i += 2)
		text[i] = '.';
	tap_ok(host_parse(&h, slice_of(text, 253)) == 0, "253 bytes");
	tap_ok(host_parse(&h, slice_of(text, 255)) == -1, "255 bytes");
}

static void
test_same(void)
{
	static const struct {
		const char *a, *b;
		bool	    same;
	} pairs[] = {
		{ "example.com:80", "EXAMPLE.com.:8080", true },
		{ "example.com", "example.org", false },
		{ "example.com", "www.example.com", false },
		{ "[::1]", "[0:0:0:0:0:0:0:1]:80", true },
		{ "[::ffff:10.0.0.1]", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.2", false },
		{ "127.0.0.1", "localhost", false },
	};
	struct host a, b;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		tap_ok(host_parse(&a, slice_str(pairs[i].a)) == 0 &&
		    host_parse(&b, slice_str(pairs[i].b)) == 0 &&
		    host_is(&a, &b) == pairs[i].same, "%s and %s are %s",
		    pairs[i].a, pairs[i].b,
		    pairs[i].same ? "the same" : "different");
}

/* The first seven are what Oro's own extractor is tested with. */
static void
test_urls(void)
{
	static const struct {
		const char *url, *host;
	} urls[] = {
		{ "example", "example" },
		{ "http://example.com/some/path", "example.com" },
		{ "example.com/some/path", "example.com" },
		{ "//www.example.com", "www.example.com" },
		{ "  //www.example.com/some/path  ", "www.example.com" },
		{ "http://", NULL },
		{ "", NULL },
		{ "https://example.com:8443?a#b", "example.com" },
		{ "example.com/a//b", "example.com" },
		{ "https://[::1]:8080/", "::1" },
		{ "https://user@example.com/", NULL },
		{ "https:///path", NULL },
		{ "/path", NULL },
	};
	struct host h;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		rc = host_parse_url(&h, slice_str(urls[i].url));
		tap_int(rc, urls[i].host == NULL ? -1 : 0, "\"%s\"",
		    urls[i].url);
		if (rc == 0)
			tap_slice(h.name, urls[i].host, "its host");
	}
}

static bool
list_has(const struct host_list *l, const char *text)
{
	struct host h;

	return host_parse(&h, slice_str(text)) == 0 && host_list_has(l, &h);
}

static void
test_lists(void)
{
	static const char *const bad[] = { "*", "*.", "*.*.a", "a.*", "*a.b",
	    "*.127.0.0.1", "https://a", "a:80", "a/", "" };
	struct host_list l = { 0 };
	struct errbuf e;
	size_t i;

	tap_ok(!list_has(&l, "a"), "an empty list has nothing");
	tap_ok(host_list_add(&l, "www.example.com", &e) == 0 &&
	    host_list_add(&l, "*.example.org", &e) == 0 &&
	    host_list_add(&l, "[::1]", &e) == 0 &&
	    host_list_add_url(&l, "https://shop.example/x", &e) == 0,
	    "a list of four");
	tap_ok(list_has(&l, "WWW.example.com:80"), "an exact host");
	tap_ok(!list_has(&l, "a.www.example.com"), "nothing below it");
	tap_ok(!list_has(&l, "example.com"), "nothing above it");
	tap_ok(list_has(&l, "a.example.org"), "below a wildcard");
	tap_ok(list_has(&l, "a.b.Example.ORG."), "far below it");
	tap_ok(!list_has(&l, "example.org"), "not the name itself");
	tap_ok(!list_has(&l, "evilexample.org"), "only whole labels");
	tap_ok(!list_has(&l, "a.example.org.evil"), "only at the end");
	tap_ok(list_has(&l, "[0::1]"), "an address");
	tap_ok(list_has(&l, "shop.example"), "the host of a URL");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(host_list_add(&l, bad[i], &e) == -1,
		    "\"%s\" is refused", bad[i]);
	host_list_clear(&l);
}

int
main(void)
{
	test_good();
	test_bad();
	test_same();
	test_urls();
	test_lists();
	return tap_done();
}
