/*
 * wire.h: messages as they travel: masked WebSocket text frames out and bare
 * ones in, one message a line on the control socket, or nothing around them.
 *
 * The reading half is inline and yields slices of the receive buffer: it runs
 * once a delivery, tens of millions of times a second.
 */
#pragma once

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/slice.h"

enum wire {
	WIRE_WS,	/* RFC 6455 frames */
	WIRE_LINE,	/* the message and "\n" */
	WIRE_BARE,	/* only protocols that cut their stream themselves */
};

/* First byte of a frame that is a whole message (FIN and the opcode); below
 * 0x80 what only other protocols have: nothing that matters, and a refusal. */
enum wire_kind { WIRE_TEXT = 0x81, WIRE_CLOSE = 0x88, WIRE_PING = 0x89,
    WIRE_PONG = 0x8a, WIRE_OTHER = 0, WIRE_ERROR = 1 };

struct wire_msg {
	struct slice text;	/* borrowed from the input */
	unsigned     kind;	/* WIRE_TEXT, ...; always WIRE_TEXT in a line */
};

#define WIRE_HEAD_MAX	10	/* bytes of a frame's head without a mask */

/* How far a stream in WebSocket frames has been read. */
struct wire_stream {
	uint64_t      left;	/* bytes of this frame still to come */
	char	      head[WIRE_HEAD_MAX];	/* of the next one */
	unsigned char have;	/* bytes of that */
};

#define WIRE_LEN16	126	/* the length is in the next 2 bytes */
#define WIRE_LEN64	127	/* in the next 8 */

/* Append one message to be sent.  0, or -1 when out of memory. */
int	wire_add(struct buf *out, enum wire w, enum wire_kind kind,
	    struct slice text);

/* Take the heads of frames out of the n new bytes of a stream at p.  How many
 * bytes are left there, or -1 at a frame that carries none of the stream. */
ssize_t	wire_strip(struct wire_stream *s, char *p, size_t n);

static inline int
wire_next_line(struct slice *in, struct wire_msg *m)
{
	const char *end = in->len > 0 ? memchr(in->p, '\n', in->len) : NULL;

	if (end == NULL)
		return 0;
	m->text = slice_of(in->p, (size_t)(end - in->p));
	m->kind = WIRE_TEXT;
	*in = slice_of(end + 1, in->len - m->text.len - 1);
	return 1;
}

/* The header's length, and the payload's in *len; 0: not all there yet. */
static inline size_t
wire_head(const struct slice *in, uint64_t *len)
{
	uint16_t len16;

	*len = (unsigned char)in->p[1];
	if (*len < WIRE_LEN16)
		return 2;
	if (*len == WIRE_LEN16) {
		if (in->len < 4)
			return 0;
		memcpy(&len16, in->p + 2, sizeof(len16));
		*len = be16toh(len16);
		return 4;
	}
	if (in->len < 10)
		return 0;
	memcpy(len, in->p + 2, sizeof(*len));
	*len = be64toh(*len);
	return 10;
}

/* Take the first message off *in.  1, or 0 when it is not complete yet.  What
 * kind it is, and whether that is any known one, is the caller's to check. */
static inline int
wire_next(enum wire w, struct slice *in, struct wire_msg *m)
{
	uint64_t len;
	size_t head;

	if (w == WIRE_LINE)
		return wire_next_line(in, m);
	if (in->len < 2 || (head = wire_head(in, &len)) == 0 ||
	    in->len - head < len)
		return 0;
	m->kind = (unsigned char)in->p[0];
	m->text = slice_of(in->p + head, (size_t)len);
	*in = slice_of(in->p + head + len, in->len - head - (size_t)len);
	return 1;
}
