/*
 * t_wampd_ws_mask.c: unmasking, of all lengths and at all places.
 */
#include "wampd/net/ws_mask.h"

#include <string.h>

#include "tap.h"

#define MAX 100	/* bytes */

static const char key[WS_KEY_SIZE] = { 0x37, (char)0xfa, 0x21, 0x3d };

/* n letters, masked from the skip-th byte on. */
static void
mask(char *to, size_t n, size_t skip)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = (char)(('a' + i % 26) ^ key[(skip + i) % WS_KEY_SIZE]);
}

/* Whether n bytes are the letters, and the one behind them is unchanged. */
static bool
is_text(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != (char)('a' + i % 26))
			return false;
	return p[n] == '!';
}

static void
test_lengths(void)
{
	char from[MAX + 16], to[MAX + 16];
	size_t n, skip, at;
	bool copied = true, in_place = true;

	for (n = 0; n < MAX; n++)
		for (skip = 0; skip < 9; skip++) {
			at = skip * 3 % 8;	/* from odd addresses, too */
			mask(from + at, n, skip);
			from[at + n] = to[n] = '!';
			copied &= ws_unmask(to, from + at, n, key, skip) &&
			    is_text(to, n);
			in_place &= ws_unmask(from + at, from + at, n, key,
			    skip) && is_text(from + at, n);
		}
	tap_ok(copied, "to another place");
	tap_ok(in_place, "in place");
}

/* A byte that is not ASCII is seen wherever it is. */
static void
test_ascii(void)
{
	char text[MAX];
	size_t n, at;
	bool seen = true;

	for (n = 1; n < MAX; n++)
		for (at = 0; at < n; at++) {
			mask(text, n, 0);
			text[at] ^= (char)0x80;
			seen &= !ws_unmask(text, text, n, key, 0);
		}
	tap_ok(seen, "a byte that is not ASCII is seen");
}

int
main(void)
{
	test_lengths();
	test_ascii();
	return tap_done();
}
