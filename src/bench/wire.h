/*
 * wire.h: the framing of messages: WebSocket text frames, which are masked when
 * we send them, one message a line on the control socket, or no framing.
 *
 * The reading functions are inline and return slices of the receive buffer:
 * they run for each delivery, tens of millions of times a second.
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
	WIRE_BARE,	/* no framing: the protocol splits its stream */
};

/* The first byte of a frame that is a whole message: FIN and the opcode.
 * Values below 0x80 are for other protocols: an unimportant message, and a
 * refusal. */
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
	char	      head[WIRE_HEAD_MAX];	/* of the next frame */
	unsigned char have;	/* bytes of head that are there */
};

#define WIRE_LEN16	126	/* the length is in the next 2 bytes */
#define WIRE_LEN64	127	/* in the next 8 */

/* Append one message to be sent.  0, or -1 when out of memory. */
int	wire_add(struct buf *out, enum wire w, enum wire_kind kind,
	    struct slice text);

/* Remove the heads of frames from the n new bytes of a stream at p.  The number
 * of remaining bytes, or -1 after a frame that is not a part of the stream. */
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

/* The length of the header, and of the payload in *len; 0: incomplete. */
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

/* Take the first message off *in.  1, or 0 if it is incomplete.  The caller
 * must check its kind. */
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
