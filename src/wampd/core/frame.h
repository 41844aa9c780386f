/*
 * frame.h: a finished outgoing message.
 *
 * It is built once, immutable and counted, and shared by all sessions that it
 * is queued to.  It holds the bytes for both wires.  A server's WebSocket frame
 * has no mask (RFC 6455 section 5.1), so header and payload are the same for
 * every session.  A line of the control socket is the same payload with a
 * newline behind it.  Sessions that take compressed messages get another frame,
 * see compress.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* How a transport separates messages in its stream of bytes. */
enum wire {
	WIRE_WS,	/* WebSocket frames */
	WIRE_LINE,	/* one JSON text a line */
	WIRE_COUNT
};

/* What to do with a message for a slow receiver. */
enum overflow {
	OVERFLOW_DISCONNECT,	/* pause its publishers, later close it */
	OVERFLOW_DROP_OLDEST,	/* drop the events that have waited longest */
	OVERFLOW_DROP_NEWEST,	/* drop this event */
	OVERFLOW_NONE,		/* not an event: queue it, pause nobody */
};

struct frame {
	uint32_t refs;
	uint32_t size;		/* bytes of memory */
	size_t	*total;		/* borrowed; sum of all frames' sizes */
	struct {
		uint32_t off;	/* where its bytes begin in data */
		uint32_t len;	/* bytes; 0: nothing on that wire */
	} wire[WIRE_COUNT];
	struct frame **seen_by;	/* borrowed; set to NULL when the frame is
				 * freed; or NULL */
	uint8_t	 overflow;	/* enum overflow */
	char	 data[];
};

/*
 * Make one text message from n parts.  Its size is added to *total, which must
 * outlive it.  newline: a part may hold a raw CR or LF, which is white space
 * between JSON tokens.  The line then has spaces in their place, so that it
 * remains one line; the WebSocket frame has the bytes as they came.  The caller
 * owns one reference.  Returns NULL when out of memory, or when the message is
 * larger than 1 GiB.
 */
struct frame *frame_new(size_t *total, const struct slice *parts, size_t n,
	    bool newline);

/* Make a WebSocket control frame (RFC 6455 section 5.5), which is empty on the
 * other wire.  The payload has at most 125 bytes.  Reference, *total and errors
 * are as for frame_new(). */
struct frame *frame_new_control(size_t *total, uint8_t opcode,
	    struct slice payload);

/* Make the WebSocket frame of the same message with a compressed payload (RFC
 * 7692 section 6), which is empty on the other wire.  A slow receiver loses
 * both the same way.  Reference, *total and errors are as for frame_new(). */
struct frame *frame_new_compressed(size_t *total, const struct frame *f,
	    struct slice payload);

/* The text of a frame that frame_new() has made. */
struct slice frame_text(const struct frame *f);

/* Count the frame in another sum, which must outlive it. */
void	frame_count_in(struct frame *f, size_t *total);

/* Give n references back.  The last one frees the frame.  NULL is fine. */
void	frame_unref(struct frame *f, uint32_t n);

/* The bytes to write on that wire. */
static inline struct slice
frame_bytes(const struct frame *f, enum wire w)
{
	return slice_of(f->data + f->wire[w].off, f->wire[w].len);
}
