/*
 * event.h: an event that is kept: for later subscribers, and for whoever is
 * still to be sent it.
 *
 * It is the payload as it came, in no protocol's message: each protocol makes
 * its own frame of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct event {
	uint32_t refs;
	size_t	*total;		/* borrowed; sum of all events' sizes */
	bool	 newline;	/* a raw CR or LF is in it */
	size_t	 len;		/* bytes of data */
	char	 data[];	/* JSON, without a NUL */
};

/* A copy of that JSON text, with one reference, counted in *total, which must
 * outlive it.  NULL when out of memory. */
struct event *event_new(size_t *total, struct slice json, bool newline);

/* Bytes of memory. */
size_t	event_size(const struct event *ev);

/* Give a reference back; the last one frees.  NULL is fine. */
void	event_unref(struct event *ev);

static inline struct slice
event_json(const struct event *ev)
{
	return slice_of(ev->data, ev->len);
}
