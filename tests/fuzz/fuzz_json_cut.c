/*
 * fuzz_json_cut.c: any bytes as a stream of JSON values, at once and in pieces.
 * The values are the same; between them is nothing but white space; what
 * breaks the structure is no JSON to the scanner either, and what the scanner
 * takes is cut as one.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "proto/json_cut.h"
#include "fuzz.h"

#define DEPTH	(JSON_DEPTH_DEFAULT - 1)

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_between(struct slice text, size_t from, size_t to)
{
	if (from == 0 && to >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		from = 3;
	for (; from < to; from++)
		assert(memchr(" \t\r\n\x1e", text.p[from], 5) != NULL);
}

/* Append each value and a NUL; how many there were. */
static size_t
cut_all(struct buf *got, struct slice text, size_t piece)
{
	struct json_cut c = { 0 };
	enum json_cut_next next = JSON_CUT_MORE;
	size_t at = 0, have = 0, used, behind = 0, n = 0;
	struct slice value;
	struct json_place place;

	while (next != JSON_CUT_END && !c.broken) {
		next = json_cut(&c, slice_of(text.p + at, have - at),
		    have == text.len, &value, &used);
		at += used;
		assert(at <= have);
		if (next == JSON_CUT_MORE) {
			assert(have < text.len);
			have += piece < text.len - have ? piece :
			    text.len - have;
		} else if (next == JSON_CUT_VALUE) {
			n++;
			assert(value.len > 0);
			check_between(text, behind, (size_t)(value.p -
			    text.p));
			behind = at;
			assert(value.p + value.len == text.p + at);
			assert(!c.broken || !is_json(value, DEPTH, NULL));
			place = json_cut_place(&c, value, value.len - 1);
			assert(place.line <= at && place.column <= at);
			assert(buf_add_slice(got, value) == 0 &&
			    buf_add_char(got, '\0') == 0);
		}
	}
	if (!c.broken)
		check_between(text, behind, text.len);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct buf whole = { 0 }, pieces = { 0 };
	size_t n = cut_all(&whole, text, size), piece;

	if (is_json(text, DEPTH, NULL))
		assert(n == 1);
	for (piece = 1; piece <= 7; piece += 3) {
		buf_reset(&pieces);
		assert(cut_all(&pieces, text, piece) == n);
		assert(slice_eq(buf_slice(&whole), buf_slice(&pieces)));
	}
	buf_clear(&whole);
	buf_clear(&pieces);
	return 0;
}
