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

struct event {
	uint32_t refs;
	size_t	*total;		/* borrowed; sum of all events' sizes */
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

/* Give a reference back.  The last one frees the event.  NULL is fine. */
void	event_unref(struct event *ev);

static inline struct slice
event_json(const struct event *ev)
{
	return slice_of(ev->data, ev->len);
}
