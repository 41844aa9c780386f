/*
 * event.h: an event that is kept, to be sent to later subscribers.
 *
 * It is the payload as it came, not a message of some protocol: each protocol
 * makes its own frame from it.  It is immutable and counted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct frame;
struct protocol;

struct event {
	uint32_t refs;
	size_t	*total;		/* borrowed; sum of all events' sizes */
	struct frame *frame;	/* made of it and still queued somewhere;
				 * borrowed; or NULL */
	const struct protocol *protocol;	/* of frame */
	bool	 newline;	/* a raw CR or LF is in data */
	size_t	 len;		/* bytes of data */
	char	 data[];	/* JSON, without a NUL */
};

/* Make an event, with one reference, from a copy of that JSON text.  newline:
 * a raw CR or LF is in it.  Its size is added to *total, which must outlive
 * it.  Returns NULL when out of memory. */
struct event *event_new(size_t *total, struct slice json, bool newline);

/* The memory it takes, in bytes. */
size_t	event_size(const struct event *ev);

/* Remember the frame, which was made of the event for sessions with that
 * protocol, as long as somebody holds it.  It is counted in *total. */
void	event_share(struct event *ev, struct frame *f,
	    const struct protocol *protocol, size_t *total);

/* Forget the frame.  It is counted in *total from now on. */
void	event_unshare(struct event *ev, size_t *total);

/* Give a reference back.  The last one frees the event.  NULL is fine. */
void	event_unref(struct event *ev);

static inline struct slice
event_json(const struct event *ev)
{
	return slice_of(ev->data, ev->len);
}
