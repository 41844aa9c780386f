/*
 * t_utf8.c: UTF-8 as RFC 3629 has it, every code point and every edge.
 */
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* What the RFC's table 3.1 gives, told apart from surrogates. */
static bool
is_scalar(uint32_t c)
{
	return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff);
}

static void
test_every_code_point(void)
{
	uint32_t bad = 0, other = 0;
	char out[4];

	for (uint32_t c = 0; c <= 0x110000 && bad == 0; c++) {
		size_t n = utf8_encode(out, c);
		size_t want = is_scalar(c) ? n : 0;

		if (utf8_sequence(slice_of(out, n)) != want ||
		    utf8_valid(slice_of(out, n)) != is_scalar(c) ||
		    (n > 1 && utf8_sequence(slice_of(out, n - 1)) != 0))
			bad = c;
		if (utf8_decode(out, n) != c)
			other = c;
	}
	tap_int(bad, 0, "each code point is valid unless a surrogate");
	tap_int(other, 0, "and is read as the one it was");
}

static void
test_lengths(void)
{
	char out[4];

	tap_int(utf8_encode(out, 0x7f), 1, "U+7F takes a byte");
	tap_int(utf8_encode(out, 0x80), 2, "U+80 takes two");
	tap_int(utf8_encode(out, 0x7ff), 2, "U+7FF takes two");
	tap_int(utf8_encode(out, 0x800), 3, "U+800 takes three");
	tap_int(utf8_encode(out, 0xffff), 3, "U+FFFF takes three");
	tap_int(utf8_encode(out, 0x10000), 4, "U+10000 takes four");
	tap_slice(slice_of(out, utf8_encode(out, 0x1f600)), "\xf0\x9f\x98\x80",
	    "U+1F600 is F0 9F 98 80");
}

static void
test_invalid(void)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xc3(", "\xe2\x82(", "\xe2(",
		"\xf0\x9f\x98(", "\xc3",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(utf8_sequence(slice_str(bad[i])) == 0 &&
		    !utf8_valid(slice_str(bad[i])),
		    "invalid sequence %zu is refused", i);
}

static void
test_run(void)
{
	tap_int(utf8_run(SLICE("")), 0, "no run in nothing");
	tap_int(utf8_run(SLICE("a\xc3\xa9")), 0, "none before ASCII");
	tap_int(utf8_run(SLICE("\xc3\xa9\xe2\x82\xac" "a")), 5,
	    "a run ends at ASCII");
	tap_int(utf8_run(SLICE("\xc3\xa9\xff")), 2,
	    "it ends at what is invalid");
	tap_int(utf8_run(SLICE("\xf0\x9f\x98\x80\xc3")), 4,
	    "it ends at what is cut off");
	tap_int(utf8_run(SLICE("\xff")), 0, "no run of invalid bytes");
}

/* A bad byte must be found wherever it lies among the words of 8. */
static void
test_positions(void)
{
	bool found = true;

	for (size_t len = 1; len < 40; len++)
		for (size_t at = 0; at < len; at++) {
			char text[40];

			memset(text, 'a', sizeof(text));
			found &= utf8_valid(slice_of(text, len));
			text[at] = '\xff';
			found &= !utf8_valid(slice_of(text, len));
		}
	tap_ok(found, "a bad byte is found at each position");
}

/* Whatever the room, what is kept is whole characters, and as many as fit. */
static void
test_fit(void)
{
	const struct slice text = SLICE("a\xc3\xa9\xe2\x82\xac"
	    "\xf0\x9f\x98\x80z");
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11,
	    11 };
	bool right = true;
	size_t max;

	for (max = 0; max < sizeof(want) / sizeof(want[0]); max++)
		right &= utf8_fit(text, max) == want[max];
	tap_ok(right, "no character is cut in two");
	tap_int(utf8_fit(SLICE("\x80\x80\x80\x80\x80\x80"), 5), 5,
	    "bytes that are not UTF-8 are cut anywhere");
	tap_int(utf8_fit(SLICE("\xf0\x80\x80\x80"), 2), 2,
	    "so is what only begins like a character");
}

static void
cut(const char *from, size_t max, const char *want)
{
	char text[32];
	size_t len;

	(void)snprintf(text, sizeof(text), "%s", from);
	len = utf8_cut(text, max);
	tap_str(text, want, "%s cut to %zu bytes", from, max);
	tap_int((int64_t)len, (int64_t)strlen(want), "its length");
}

static void
test_cut(void)
{
	cut("abcdefgh", 7, "abcd...");
	cut("abcdefgh", 3, "...");
	cut("abc\xc3\xa9" "fgh", 7, "abc...");
	cut("abc\xc3\xa9" "fgh", 8, "abc\xc3\xa9...");
	cut("abc", 7, "abc...");
}

static void
test_unmark(void)
{
	tap_slice(utf8_unmark(SLICE("\xef\xbb\xbf" "a")), "a",
	    "the mark goes");
	tap_slice(utf8_unmark(SLICE("\xef\xbb\xbf\xef\xbb\xbf")),
	    "\xef\xbb\xbf", "once");
	tap_slice(utf8_unmark(SLICE("\xef\xbb")), "\xef\xbb",
	    "a part of it is none");
	tap_slice(utf8_unmark(SLICE("")), "", "nor is nothing");
}

/* Check the text byte by byte.  How many bytes were taken. */
static size_t
check_bytes(struct utf8_check *c, struct slice s)
{
	size_t n;

	for (n = 0; n < s.len; n++)
		if (!utf8_check_add(c, slice_of(s.p + n, 1)))
			break;
	return n;
}

/* It must not matter into which two pieces text is cut. */
static void
test_pieces(void)
{
	const struct slice text = SLICE("0123456789\xc3\xa9"
	    "0123456789\xe2\x82\xac\xf0\x9f\x98\x80z");
	struct utf8_check c, whole = { 0 };
	size_t n;
	bool right = true;

	for (n = 0; n <= text.len; n++) {
		c = (struct utf8_check){ 0 };
		right &= utf8_check_add(&c, slice_of(text.p, n));
		right &= utf8_check_is_whole(&c) == utf8_valid(slice_of(text.p,
		    n));
		right &= utf8_check_add(&c, slice_of(text.p + n, text.len - n));
		right &= utf8_check_is_whole(&c);
	}
	tap_ok(right, "text in two pieces");
	tap_int(check_bytes(&whole, text), text.len, "text byte by byte");
	tap_ok(utf8_check_is_whole(&whole), "whole at its end");
}

/* Every four bytes at the edges of what is valid. */
static void
test_edges(void)
{
	static const char edges[] = "\x00\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1"
	    "\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff";
	const size_t n = sizeof(edges) - 1;
	size_t i, wrong = 0;

	for (i = 0; i < n * n * n * n && wrong == 0; i++) {
		const char s[] = { edges[i / n / n / n], edges[i / n / n % n],
		    edges[i / n % n], edges[i % n] };
		struct utf8_check c = { 0 };

		if ((check_bytes(&c, slice_of(s, 4)) == 4 &&
		    utf8_check_is_whole(&c)) != utf8_valid(slice_of(s, 4)))
			wrong = i;
	}
	tap_int((int64_t)wrong, 0, "each four bytes, one after the other");
}

static void
test_pieces_invalid(void)
{
	static const struct {
		const char *text;
		size_t	    at;		/* of the first wrong byte */
	} bad[] = {
		{ "a\x80", 1 }, { "\xc1\xbf", 0 }, { "\xe0\x9f\xbf", 1 },
		{ "\xed\xa0\x80", 1 }, { "\xf0\x8f\xbf\xbf", 1 },
		{ "\xf4\x90\x80\x80", 1 }, { "\xf5", 0 }, { "\xc3(", 1 },
		{ "\xe2\x82(", 2 }, { "\xf0\x9f\x98(", 3 },
		{ "\xf4\x8f\xbf\xbf\xbf", 4 },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct slice s = slice_str(bad[i].text);
		struct utf8_check one = { 0 }, all = { 0 };

		tap_int(check_bytes(&one, s), bad[i].at,
		    "invalid sequence %zu is refused at its wrong byte", i);
		tap_ok(!utf8_check_add(&all, s), "and in one piece");
	}
}

int
main(void)
{
	tap_ok(utf8_valid(SLICE("")), "nothing is valid");
	tap_int(utf8_sequence(SLICE("")), 0, "nothing is no sequence");
	tap_ok(utf8_valid(SLICE("h\xc3\xa9llo \xe2\x82\xac \xf0\x9f\x98\x80")),
	    "sequences of all lengths are valid");
	test_every_code_point();
	test_lengths();
	test_invalid();
	test_run();
	test_positions();
	test_fit();
	test_cut();
	test_unmark();
	test_pieces();
	test_pieces_invalid();
	test_edges();
	return tap_done();
}
