/*
 * fuzz_wampd_ws_reader.c: any bytes as the frames of a WebSocket client.  What
 * is found must be the same in one piece, in tiny ones, and in others.
 *
 * The first bytes of the input are the rules: whether messages may be
 * compressed, their limit, and how long the pieces are.
 */
#include <assert.h>
#include <stdint.h>

#include "ws_items.h"

#define RULES	3	/* bytes */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read in pieces whose lengths are in turn first, first + 1, first + 2. */
static void
read_all(struct buf *got, const struct ws_reader_rules *rules, struct slice s,
    size_t first)
{
	struct ws_reader r = { 0 };
	size_t i, n;

	for (i = 0; s.len > 0; i++) {
		n = first + i % 3;
		if (n > s.len)
			n = s.len;
		ws_items_read(got, &r, rules, slice_of(s.p, n));
		s = slice_of(s.p + n, s.len - n);
	}
	ws_reader_clear(&r);
	assert(ws_reader_is_idle(&r));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ws_reader_rules rules;
	struct buf whole = { 0 }, tiny = { 0 }, pieces = { 0 };
	struct slice s;

	if (size < RULES)
		return 0;
	rules = (struct ws_reader_rules){ (uint64_t)data[1] << data[0] % 8,
	    data[0] & 0x80 };
	s = slice_of((const char *)data + RULES, size - RULES);
	read_all(&whole, &rules, s, size);
	read_all(&pieces, &rules, s, (size_t)data[2] + 2);
	read_all(&tiny, &rules, s, 0);
	assert(slice_eq(buf_slice(&whole), buf_slice(&pieces)));
	assert(slice_eq(buf_slice(&whole), buf_slice(&tiny)));
	buf_clear(&whole);
	buf_clear(&tiny);
	buf_clear(&pieces);
	return 0;
}
