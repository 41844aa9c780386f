/*
 * t_wampd_forwarded.c: the client of a request, as a proxy tells it.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/net/forwarded.h"

/* Proxies are 10.0.0.0/8, and 2001:db8::1 to ::f. */
static bool
trust(const void *arg, const struct address *a)
{
	(void)arg;
	return a->u.sa.sa_family == AF_INET ?
	    ntohl(a->u.in.sin_addr.s_addr) >> 24 == 10 :
	    a->u.in6.sin6_addr.s6_addr[0] == 0x20 &&
	    a->u.in6.sin6_addr.s6_addr[15] < 16;
}

/* What is read from the fields, with "\n" for each line's end: the client, the
 * host and the protocol, or "refused". */
static const char *
read_fields(const char *lines, struct buf *out)
{
	struct buf fields = { 0 };
	struct forwarded f;
	const char *p;

	buf_reset(out);
	(void)buf_add_str(&fields, "Host: a.test\r\n");
	for (p = lines; *p != '\0'; p++)
		(void)buf_add_str(&fields, *p == '\n' ? "\r\n" :
		    (const char[]){ *p, '\0' });
	if (forwarded_read(buf_slice(&fields), trust, NULL, &f) == -1) {
		(void)buf_add_str(out, "refused");
	} else {
		(void)address_describe(&f.client, out);
		(void)buf_addf(out, "%s%.*s%s%.*s", f.host.len > 0 ? " " : "",
		    (int)f.host.len, f.host.p, f.proto.len > 0 ? " " : "",
		    (int)f.proto.len, f.proto.p);
	}
	buf_clear(&fields);
	return buf_cstr(out);
}

static void
assert_read(const char *lines, const char *want)
{
	struct buf out = { 0 }, name = { 0 };

	(void)buf_add_str(&name, lines);
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '\n')
			name.data[i] = '|';
	tap_str(read_fields(lines, &out), want, "%s", buf_cstr(&name));
	buf_clear(&out);
	buf_clear(&name);
}

static void
test_plain(void)
{
	assert_read("", "unknown");
	assert_read("X-Forwarded-For: 192.0.2.1\n", "192.0.2.1");
	assert_read("x-forwarded-FOR: \t192.0.2.1 \n", "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.1:5\n", "192.0.2.1:5");
	assert_read("X-Forwarded-For: 2001:db8::99\n", "2001:db8::99");
	assert_read("X-Forwarded-For: [2001:db8::99]:5\n", "[2001:db8::99]:5");
	assert_read("X-Forwarded-For: 1.2.3.4, 192.0.2.1\n", "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.1,10.0.0.1 , 10.0.0.2\n",
	    "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.1, 10.0.0.1\n"
	    "X-Forwarded-For: 10.0.0.2\n", "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.1\nA: b\n"
	    "X-Forwarded-For: 192.0.2.2\n", "192.0.2.2");
	assert_read("X-Forwarded-For: 192.0.2.1, 2001:db8::2\n", "192.0.2.1");
	assert_read("X-Forwarded-For: , ,192.0.2.1,,\n", "192.0.2.1");
	assert_read("X-Forwarded-For:\n", "unknown");
	/* All are trusted: the first one is the client. */
	assert_read("X-Forwarded-For: 10.0.0.1, 10.0.0.2\n", "10.0.0.1");
}

/* What a client has written is never trusted further than to the first address
 * of ours. */
static void
test_spoofed(void)
{
	assert_read("X-Forwarded-For: 127.0.0.1, 192.0.2.1\n", "192.0.2.1");
	assert_read("X-Forwarded-For: 10.0.0.9, 192.0.2.1, 10.0.0.1\n",
	    "192.0.2.1");
	assert_read("X-Forwarded-For: \", 192.0.2.1\n", "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.9, unknown\n", "unknown");
	assert_read("X-Forwarded-For: 192.0.2.9, x, 10.0.0.1, 10.0.0.2\n",
	    "10.0.0.1");
	assert_read("X-Forwarded-For: 192.0.2.9, 10.0.0.1, 300.0.2.1\n",
	    "unknown");
	assert_read("X-Forwarded-For: 192.0.2.1:99999\n", "unknown");
	assert_read("X-Forwarded-For: 192.0.2.1:\n", "unknown");
	assert_read("X-Forwarded-For: [192.0.2.1]\n", "unknown");
	assert_read("X-Forwarded-For: [::1\n", "unknown");
	assert_read("X-Forwarded-For: [::1]x\n", "unknown");
	assert_read("X-Forwarded-For: [::1]:\n", "unknown");
	assert_read("X-Forwarded-For: fe80::1%eth0\n", "unknown");
	assert_read("X-Forwarded-For: 192.0.2.1 192.0.2.2\n", "unknown");
	assert_read("X-Forwarded-For: 1111:2222:3333:4444:5555:6666:7777:8888"
	    ":9999:aaaa:bbbb:cccc\n", "unknown");
}

static void
test_forwarded(void)
{
	assert_read("Forwarded: for=192.0.2.1\n", "192.0.2.1");
	assert_read("forwarded: FOR=\"192.0.2.1:5\"\n", "192.0.2.1:5");
	assert_read("Forwarded: For=\"[2001:db8::99]:5\"\n",
	    "[2001:db8::99]:5");
	assert_read("Forwarded: for=\"[2001:db8::99]\"\n", "2001:db8::99");
	assert_read("Forwarded: for=[2001:db8::99]\n", "2001:db8::99");
	assert_read("Forwarded: for=\"192.0.2.1:_a.b\"\n", "192.0.2.1");
	assert_read("Forwarded: by=10.0.0.1;for=192.0.2.1;host=b.test:8080;"
	    "proto=https\n", "192.0.2.1 b.test:8080 https");
	assert_read("Forwarded: for=192.0.2.1 ; ;proto=http;\n",
	    "192.0.2.1 http");
	assert_read("Forwarded: for=192.0.2.1;host=\"b.test:1\", "
	    "for=10.0.0.2;host=inner.test\n", "192.0.2.1 b.test:1");
	assert_read("Forwarded: for=192.0.2.1\nForwarded: for=10.0.0.2\n",
	    "192.0.2.1");
	assert_read("Forwarded: for=1.2.3.4;host=evil.test, for=192.0.2.1\n",
	    "192.0.2.1");
	assert_read("Forwarded: for=192.0.2.9, for=unknown, for=10.0.0.2\n",
	    "10.0.0.2");
	assert_read("Forwarded: for=_hidden, for=10.0.0.2\n", "10.0.0.2");
	assert_read("Forwarded: for=\"_SEVKISEK\"\n", "unknown");
	assert_read("Forwarded: proto=https\n", "unknown");
	assert_read("Forwarded: for=192.0.2.1, by=10.0.0.2\n", "unknown");
	assert_read("Forwarded: for=\"192.0.2\\.1\"\n", "unknown");
	assert_read("Forwarded: ext=\"a, for=192.0.2.9; \\\" b\";"
	    "for=192.0.2.1\n", "192.0.2.1");
	assert_read("Forwarded:\n", "unknown");
	assert_read("Forwarded: ,, for=192.0.2.1 ,\n", "192.0.2.1");
}

static void
test_malformed(void)
{
	static const char *const bad[] = {
		"for=\", for=192.0.2.1", "for", "for=", "=192.0.2.1",
		"for=192.0.2.1 for=192.0.2.2", "for=192.0.2.1;for=192.0.2.2",
		"for=192.0.2.1;FOR=192.0.2.2", "for =192.0.2.1",
		"for= 192.0.2.1", "for=\"192.0.2.1\"x", "for=\"192.0.2.1\\",
		"for=(192.0.2.1)", "for=192.0.2.1, x", "192.0.2.1",
	};
	struct buf lines = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_reset(&lines);
		(void)buf_addf(&lines, "Forwarded: %s\n", bad[i]);
		assert_read(buf_cstr(&lines), "refused");
	}
	buf_clear(&lines);
}

static void
test_both(void)
{
	assert_read("X-Forwarded-For: 192.0.2.1\n"
	    "Forwarded: for=\"192.0.2.1:5\";host=b.test\n",
	    "192.0.2.1:5 b.test");
	assert_read("X-Forwarded-For: ::ffff:192.0.2.1\n"
	    "Forwarded: for=192.0.2.1\n", "192.0.2.1");
	assert_read("Forwarded: for=127.0.0.1\nX-Forwarded-For: 192.0.2.1\n",
	    "refused");
	assert_read("X-Forwarded-For: 127.0.0.1\nForwarded: for=192.0.2.1\n",
	    "refused");
	assert_read("Forwarded: for=_x\nX-Forwarded-For: 192.0.2.1\n",
	    "192.0.2.1");
	assert_read("X-Forwarded-For: x\nForwarded: for=192.0.2.1\n",
	    "192.0.2.1");
	assert_read("X-Forwarded-For: 192.0.2.1\n"
	    "X-Forwarded-Host: evil.test, b.test\nX-Forwarded-Proto: https\n",
	    "192.0.2.1 b.test https");
	assert_read("X-Forwarded-Host: b.test\n", "unknown b.test");
	assert_read("Forwarded: for=192.0.2.1;host=c.test\n"
	    "X-Forwarded-Host: b.test\n", "192.0.2.1 c.test");
}

/* As many elements as are read, and one more. */
static void
test_many(void)
{
	struct buf lines = { 0 }, out = { 0 };
	int i;

	(void)buf_add_str(&lines, "X-Forwarded-For: 192.0.2.1");
	for (i = 1; i < FORWARDED_MOST; i++)
		(void)buf_addf(&lines, ", 10.0.0.%d", i);
	(void)buf_add_str(&lines, "\n");
	tap_str(read_fields(buf_cstr(&lines), &out), "192.0.2.1",
	    "many proxies");
	lines.len--;
	(void)buf_add_str(&lines, ",10.0.0.1\n");
	tap_str(read_fields(buf_cstr(&lines), &out), "refused",
	    "too many proxies");
	buf_clear(&lines);
	buf_clear(&out);
}

int
main(void)
{
	test_plain();
	test_spoofed();
	test_forwarded();
	test_malformed();
	test_both();
	test_many();
	return tap_done();
}
