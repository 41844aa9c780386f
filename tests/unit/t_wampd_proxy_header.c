/*
 * t_wampd_proxy_header.c: the header of the PROXY protocol.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/net/proxy_header.h"

#define MORE	PROXY_HEADER_MORE
#define DONE	PROXY_HEADER_DONE
#define NONE	PROXY_HEADER_NONE
#define BAD	PROXY_HEADER_BAD

/* Whom the header names, or its fault. */
static const char *
told(const struct proxy_header *h, struct buf *out)
{
	buf_reset(out);
	if (h->fault != NULL)
		return h->fault;
	if (h->from.u.sa.sa_family == AF_UNSPEC)
		return "unknown";
	(void)address_describe(&h->from, out);
	return buf_cstr(out);
}

/* The header is read only when it is complete, and what follows is not looked
 * at. */
static void
assert_read(struct slice header, const char *want, const char *name)
{
	struct proxy_header h = { .len = 0 };
	struct buf text = { 0 }, more = { 0 };
	size_t i;

	for (i = 0; i < header.len; i++)
		if (proxy_header_read(slice_of(header.p, i), &h) != MORE)
			break;
	tap_int((int64_t)i, (int64_t)header.len, "%s: not before its end",
	    name);
	if (buf_add_slice(&more, header) == 0 &&
	    buf_add_str(&more, "GET / \n") == 0)
		tap_int(proxy_header_read(buf_slice(&more), &h), DONE,
		    "%s is read", name);
	tap_int((int64_t)h.len, (int64_t)header.len, "%s: its length", name);
	tap_str(told(&h, &text), want, "%s: its address", name);
	buf_clear(&text);
	buf_clear(&more);
}

static void
assert_bad(struct slice header, const char *want, const char *name)
{
	struct proxy_header h;

	tap_int(proxy_header_read(header, &h), BAD, "%s is malformed", name);
	tap_ok(h.fault != NULL && strstr(h.fault, want) != NULL, "%s: %s",
	    name, h.fault != NULL ? h.fault : "no fault");
}

/* ---- version 1 ---- */

static void
test_v1(void)
{
	static const struct {
		const char *line, *want;
	} good[] = {
		{ "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443",
		  "192.0.2.1:56324" },
		{ "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535",
		  "255.255.255.255:65535" },
		{ "PROXY TCP4 192.0.2.1 198.51.100.1 0 0", "192.0.2.1" },
		{ "PROXY TCP6 2001:db8::1 ::1 5 443", "[2001:db8::1]:5" },
		{ "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
		  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
		{ "PROXY UNKNOWN", "unknown" },
		{ "PROXY UNKNOWN ffff:: whatever\t  is here", "unknown" },
	};
	static const char *const bad[] = {
		"PROXY ", "PROXY  TCP4 192.0.2.1 198.51.100.1 1 2",
		"PROXY TCP4", "PROXY TCP4 ", "PROXY TCP4 192.0.2.1",
		"PROXY TCP4 192.0.2.1 198.51.100.1 1",
		"PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3",
		"PROXY TCP4 192.0.2.1 198.51.100.1 1 2 ",
		"PROXY TCP4 192.0.2.1  198.51.100.1 1 2",
		"PROXY TCP4 192.0.2.1 198.51.100.1 01 2",
		"PROXY TCP4 192.0.2.1 198.51.100.1 1 65536",
		"PROXY TCP4 192.0.2.1 198.51.100.1 -1 2",
		"PROXY TCP4 192.0.2.1 198.51.100.1 999999 2",
		"PROXY TCP4 192.0.2.256 198.51.100.1 1 2",
		"PROXY TCP4 ::1 198.51.100.1 1 2",
		"PROXY TCP4 192.0.2.1 x 1 2",
		"PROXY TCP6 192.0.2.1 ::1 1 2", "PROXY TCP5 ::1 ::1 1 2",
		"PROXY UDP4 192.0.2.1 198.51.100.1 1 2", "PROXY UNKNOWNS",
		"PROXY unknown", "PROXY TCP4\t192.0.2.1 198.51.100.1 1 2",
	};
	char line[200];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		(void)snprintf(line, sizeof(line), "%s\r\n", good[i].line);
		assert_read(slice_str(line), good[i].want, good[i].line);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(line, sizeof(line), "%s\r\n", bad[i]);
		assert_bad(slice_str(line), "its line is malformed", bad[i]);
	}
	assert_bad(SLICE("PROXY UNKNOWN\n"), "malformed", "LF alone");
	assert_bad(SLICE("PROXY \n"), "malformed", "an empty line");
	assert_bad(SLICE("PROXY \r\n"), "malformed", "an empty line");
	assert_bad(SLICE("PROXY TCP4 192.0.2.1\0 198.51.100.1 1 2\r\n"),
	    "malformed", "a zero in an address");
}

/* 107 bytes are allowed, with the end of the line. */
static void
test_v1_length(void)
{
	struct proxy_header h;
	char line[120];
	size_t i;

	(void)snprintf(line, sizeof(line), "PROXY UNKNOWN ");
	for (i = strlen(line); i < 105; i++)
		line[i] = 'x';
	line[105] = '\r';
	line[106] = '\n';
	assert_read(slice_of(line, 107), "unknown", "the longest line");
	line[105] = line[106] = 'x';
	tap_int(proxy_header_read(slice_of(line, 106), &h), MORE,
	    "a long line may still end");
	assert_bad(slice_of(line, 107), "longer than 107", "a longer line");
}

/* ---- version 2 ---- */

#define BEGIN	"\r\n\r\n\0\r\nQUIT\n"
#define TCP4	"\xc0\0\2\1" "\xc6\x33\x64\1" "\xdc\4" "\1\xbb"
#define TCP6	"\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"			\
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" "\0\5" "\1\xbb"

static void
test_v2(void)
{
	char path[16 + 216] = BEGIN "\x21\x31\0\xd8";

	assert_read(SLICE(BEGIN "\x21\x11\0\x0c" TCP4), "192.0.2.1:56324",
	    "TCP over IPv4");
	assert_read(SLICE(BEGIN "\x21\x21\0\x24" TCP6), "[2001:db8::1]:5",
	    "TCP over IPv6");
	assert_read(slice_of(path, sizeof(path)), "unix", "a Unix socket");
	assert_read(SLICE(BEGIN "\x21\x12\0\x0c" TCP4), "unknown",
	    "UDP over IPv4");
	assert_read(SLICE(BEGIN "\x20\0\0\0"), "unknown", "LOCAL");
	assert_read(SLICE(BEGIN "\x20\x11\0\x0c" TCP4), "unknown",
	    "LOCAL with an address");
	assert_read(SLICE(BEGIN "\x20\xff\0\1x"), "unknown",
	    "LOCAL with anything");
	assert_read(SLICE(BEGIN "\x21\0\0\0"), "unknown", "no family");
	assert_read(SLICE(BEGIN "\x21\0\0\3abc"), "unknown",
	    "no family, with anything");
	assert_read(SLICE(BEGIN "\x21\x11\0\x19" TCP4 "\1\0\2h2\4\0\0"
	    "\xea\0\2\1\2"), "192.0.2.1:56324", "values of any type");
	assert_bad(SLICE(BEGIN "\x11"), "version", "version 1");
	assert_bad(SLICE(BEGIN "\x31"), "version", "version 3");
	assert_bad(SLICE(BEGIN "\x22\x11\0\x0c" TCP4), "command",
	    "another command");
	assert_bad(SLICE(BEGIN "\x21\x41\0\0"), "family", "another family");
	assert_bad(SLICE(BEGIN "\x21\x13\0\x0c" TCP4), "transport",
	    "another transport");
	assert_bad(SLICE(BEGIN "\x21\x11\0\x0b" TCP4), "too short",
	    "a cut IPv4 address");
	assert_bad(SLICE(BEGIN "\x21\x21\0\x0c" TCP4), "too short",
	    "a cut IPv6 address");
	assert_bad(SLICE(BEGIN "\x21\x31\0\x0c" TCP4), "too short",
	    "a cut path");
	assert_bad(SLICE(BEGIN "\x21\x11\0\x0d" TCP4 "\4"), "cut off",
	    "a cut value");
	assert_bad(SLICE(BEGIN "\x21\x11\0\x0f" TCP4 "\4\0\1"), "cut off",
	    "a value that is longer than the header");
	assert_bad(SLICE(BEGIN "\x21\x11\x10\1"), "longer than 4112",
	    "a long header");
}

/* The checksum of that header was computed bit by bit, by other code. */
static void
test_v2_checksum(void)
{
	char header[] = BEGIN "\x21\x11\0\x16" TCP4 "\3\0\4"
	    "\x9c\x71\xff\x11"
	    "\4\0\0";
	size_t len = sizeof(header) - 1;

	assert_read(slice_of(header, len), "192.0.2.1:56324",
	    "a right checksum");
	header[16]++;
	assert_bad(slice_of(header, len), "checksum is wrong",
	    "another address");
	header[16]--;
	header[len - 4]++;
	assert_bad(slice_of(header, len), "checksum is wrong",
	    "another checksum");
	assert_bad(SLICE(BEGIN "\x21\x11\0\x11" TCP4 "\3\0\2\0\0"),
	    "4 bytes", "a short checksum");
}

/* ---- neither ---- */

static void
test_none(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} none[] = {
		{ "G", 1 }, { "GET / HTTP/1.1\r\n", 16 }, { "PROXX", 5 },
		{ "PROXYTCP4", 9 }, { "proxy ", 6 }, { "\r\n\r\n\r\n", 6 },
		{ "\x16\x03\x01", 3 }, { "\0", 1 },
	};
	struct proxy_header h;
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		tap_int(proxy_header_read(slice_of(none[i].bytes,
		    none[i].len), &h), NONE, "no header: case %d", (int)i);
	tap_int(proxy_header_read(slice_of("", 0), &h), MORE, "nothing yet");
}

int
main(void)
{
	test_v1();
	test_v1_length();
	test_v2();
	test_v2_checksum();
	test_none();
	return tap_done();
}
