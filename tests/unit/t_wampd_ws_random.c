/*
 * t_wampd_ws_random.c: many random messages of a WebSocket client, in random
 * fragments, which come in random pieces.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "client_frame.h"
#include "tap.h"
#include "wampd/net/ws_head.h"
#include "ws_items.h"

#define LIMIT	20000	/* bytes of a message: some are above it */
#define MESSAGES 60	/* of a stream */
#define STREAMS	20

/* A pseudorandom number below n: the test is the same each time. */
static size_t
below(uint64_t *seed, size_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(*seed >> 33) % n;
}

/* Characters of all lengths, or any bytes. */
static void
random_payload(struct buf *b, uint64_t *seed, bool text)
{
	size_t n = below(seed, below(seed, 20) == 0 ? 40000 : 200);
	uint32_t c;
	char out[4];

	while (b->len < n) {
		c = below(seed, 4) > 0 ? 'a' :
		    (uint32_t)below(seed, (size_t)1 << below(seed, 21));
		if (!text)
			buf_add_char(b, (char)c);
		else if (c < 0xd800 || c > 0xdfff)
			buf_add(b, out, utf8_encode(out, c));
	}
}

/* Append the frames of a message, with pings between them, and the lines of
 * ws_items_read() that they are to become. */
static void
add_message(struct buf *frames, struct buf *want, uint64_t *seed)
{
	unsigned opcode = below(seed, 2) ? WS_TEXT : WS_BINARY;
	const char *line = opcode == WS_TEXT ? "text " : "binary ";
	struct buf payload = { 0 };
	size_t at = 0, n;
	bool last, large = false;

	random_payload(&payload, seed, opcode == WS_TEXT);
	do {
		last = below(seed, 2);
		n = payload.len - at;
		n = last ? n : below(seed, n + 1);
		client_frame_add(frames, last ? FIN | opcode : opcode,
		    slice_of(payload.data + at, n));
		opcode = WS_CONTINUATION;
		at += n;
		if (at > LIMIT && !large)
			buf_add_str(want, "too big\n");
		large = at > LIMIT;
		if (!last && below(seed, 4) == 0) {
			client_frame_add(frames, FIN | WS_PING, SLICE("p"));
			buf_add_str(want, "ping p\n");
		}
	} while (!last);
	if (!large) {
		buf_add_str(want, line);
		buf_add_slice(want, buf_slice(&payload));
		buf_add_char(want, '\n');
	}
	buf_clear(&payload);
}

/* Read it all, in pieces of less than max bytes. */
static void
read_pieces(struct buf *got, struct slice s, uint64_t *seed, size_t max)
{
	const struct ws_reader_rules rules = { LIMIT, false };
	struct ws_reader r = { 0 };
	size_t n;

	while (s.len > 0) {
		n = below(seed, max);
		if (n > s.len)
			n = s.len;
		ws_items_read(got, &r, &rules, slice_of(s.p, n));
		s = slice_of(s.p + n, s.len - n);
	}
	tap_ok(ws_reader_is_idle(&r), "nothing is left");
	ws_reader_clear(&r);
}

int
main(void)
{
	static const size_t pieces[] = { 2, 10, 300, 5000, 100000 };
	struct buf frames = { 0 }, want = { 0 }, got = { 0 };
	uint64_t seed = 1;
	size_t i, stream;

	for (stream = 0; stream < STREAMS; stream++) {
		buf_reset(&frames);
		buf_reset(&want);
		for (i = 0; i < MESSAGES; i++)
			add_message(&frames, &want, &seed);
		for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			buf_reset(&got);
			read_pieces(&got, buf_slice(&frames), &seed,
			    pieces[i]);
			tap_ok(slice_eq(buf_slice(&got), buf_slice(&want)),
			    "stream %zu, of %zu bytes, in pieces below %zu",
			    stream, frames.len, pieces[i]);
		}
	}
	buf_clear(&frames);
	buf_clear(&want);
	buf_clear(&got);
	return tap_done();
}
