/*
 * frame.h: a finished outgoing message.
 *
 * Built once, immutable, shared by reference by every session that it is
 * queued to.  It carries the bytes of both wires: a server's WebSocket frame
 * has no mask (RFC 6455 section 5.1), so header and payload are the same for
 * everyone, and the control socket's line is the same payload with a newline
 * behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* How a transport cuts messages out of its stream of bytes. */
enum wire {
	WIRE_WS,	/* WebSocket frames */
	WIRE_LINE,	/* one JSON text a line */
	WIRE_COUNT
};

/* What to do with an event for a receiver that does not keep up. */
enum overflow {
	OVERFLOW_DISCONNECT,	/* hold its publishers up, then close it */
	OVERFLOW_DROP_OLDEST,	/* drop what has waited for longest */
	OVERFLOW_DROP_NEWEST,	/* drop this one */
	OVERFLOW_NONE,		/* no event: nobody is to be held up */
};

struct frame {
	uint32_t refs;
	uint32_t size;		/* bytes of memory */
	size_t	*total;		/* borrowed; sum of all frames' sizes */
	struct {
		uint32_t off;	/* of the bytes within data */
		uint32_t len;	/* bytes; 0: nothing on that wire */
	} wire[WIRE_COUNT];
	uint8_t	 overflow;	/* enum overflow */
	char	 data[];
};

/*
 * One text message out of n parts, counted in *total, which must outlive it.
 * newline says that some part may hold a raw CR or LF (white space between
 * JSON tokens): the line form then gets spaces in their place, so that a line
 * stays a line; the WebSocket form keeps the bytes as they came.  The caller
 * owns one reference.  NULL when out of memory or larger than 2 GiB.
 */
struct frame *frame_new(size_t *total, const struct slice *parts, size_t n,
	    bool newline);

/* A WebSocket control frame (RFC 6455 section 5.5); nothing on lines. */
struct frame *frame_new_control(size_t *total, uint8_t opcode,
	    struct slice payload);

/* Give back n references; the last one frees. NULL is fine. */
void	frame_unref(struct frame *f, uint32_t n);

/* The message itself, of either wire's form that is as it came. */
struct slice frame_payload(const struct frame *f);

/* Whether frame_new() was told so. */
bool	frame_has_newline(const struct frame *f);

static inline struct slice
frame_bytes(const struct frame *f, enum wire w)
{
	return slice_of(f->data + f->wire[w].off, f->wire[w].len);
}
