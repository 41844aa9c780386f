/*
 * utf8.c: UTF-8 as RFC 3629 defines it.
 */
#include "base/utf8.h"

#define ASCII_WORD	0x8080808080808080u	/* the high bit of 8 bytes */

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * The second byte covers all special cases.  After E0 and F0 it must not make
 * an overlong form, after ED no surrogate, and after F4 nothing above U+10FFFF
 * (RFC 3629 section 4).
 */
static bool
is_second(unsigned char first, char second)
{
	unsigned char c = (unsigned char)second;

	switch (first) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return is_continuation(second);
	}
}

size_t
utf8_sequence(struct slice s)
{
	unsigned char first;

	if (s.len == 0)
		return 0;
	first = (unsigned char)s.p[0];
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	if (s.len < 2 || !is_second(first, s.p[1]))
		return 0;
	if (first < 0xe0)
		return 2;
	if (s.len < 3 || !is_continuation(s.p[2]))
		return 0;
	if (first < 0xf0)
		return 3;
	if (s.len < 4 || !is_continuation(s.p[3]))
		return 0;
	return 4;
}

size_t
utf8_run(struct slice s)
{
	size_t n = 0, step;

	while (n < s.len && (unsigned char)s.p[n] >= 0x80) {
		step = utf8_sequence(slice_of(s.p + n, s.len - n));
		if (step == 0)
			break;
		n += step;
	}
	return n;
}

/* How many bytes at the start of s are ASCII. */
static size_t
ascii_run(struct slice s)
{
	uint64_t word;
	size_t n;

	for (n = 0; s.len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, s.p + n, sizeof(word));
		if (word & ASCII_WORD)
			break;
	}
	while (n < s.len && (unsigned char)s.p[n] < 0x80)
		n++;
	return n;
}

bool
utf8_valid(struct slice s)
{
	size_t n;

	while (s.len > 0) {
		if ((n = ascii_run(s)) == 0 && (n = utf8_sequence(s)) == 0)
			return false;
		s = slice_of(s.p + n, s.len - n);
	}
	return true;
}

/* Begin a sequence, whose first byte tells its length and the range of the
 * second (see is_second()). */
static bool
begin_sequence(struct utf8_check *c, unsigned char first)
{
	if (first < 0x80)
		return true;
	if (first < 0xc2 || first > 0xf4)
		return false;
	c->left = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
	c->low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	c->high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	return true;
}

static bool
check_byte(struct utf8_check *c, unsigned char byte)
{
	if (c->left == 0)
		return begin_sequence(c, byte);
	if (byte < c->low || byte > c->high)
		return false;
	c->left--;
	c->low = 0x80;
	c->high = 0xbf;
	return true;
}

/* Byte by byte where a piece begins or ends within a sequence. */
bool
utf8_check_add(struct utf8_check *c, struct slice s)
{
	size_t n;

	while (s.len > 0) {
		if (c->left > 0 || ((n = ascii_run(s)) == 0 &&
		    (n = utf8_sequence(s)) == 0)) {
			if (!check_byte(c, (unsigned char)s.p[0]))
				return false;
			n = 1;
		}
		s = slice_of(s.p + n, s.len - n);
	}
	return true;
}

size_t
utf8_fit(struct slice s, size_t max)
{
	size_t n = max, back;

	if (s.len <= max)
		return s.len;
	for (back = 0; back < 3 && n > 0 && is_continuation(s.p[n]); back++)
		n--;
	/* Bytes that are not UTF-8 may be cut anywhere. */
	return n + utf8_sequence(slice_of(s.p + n, s.len - n)) > max ? n : max;
}

struct slice
utf8_unmark(struct slice s)
{
	const struct slice mark = SLICE("\xef\xbb\xbf");

	return slice_starts(s, mark) ? slice_of(s.p + mark.len, s.len -
	    mark.len) : s;
}

size_t
utf8_cut(char *text, size_t max)
{
	static const char dots[] = "...";
	size_t len = utf8_fit(slice_str(text), max - strlen(dots));

	memcpy(text + len, dots, sizeof(dots));
	return len + strlen(dots);
}

uint32_t
utf8_decode(const char *p, size_t n)
{
	/* The bits of the first byte that belong to the code point, by
	 * length. */
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)p[0] & masks[n];
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

size_t
utf8_encode(char out[4], uint32_t code_point)
{
	/* The bits of the first byte that give the length, by length. */
	static const unsigned char mark[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n;

	n = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 :
	    code_point < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	out[0] = (char)(mark[n] | code_point);
	return n;
}
