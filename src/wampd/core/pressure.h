/*
 * pressure.h: the memory that waits to be sent, and the slow receivers.
 */
#pragma once

#include <stddef.h>

#include "wampd/core/queue.h"
#include "wampd/core/slow.h"

struct pressure {
	struct slow_list slow;		/* slow receivers, by due */
	struct queue_pool pool;		/* of all queues */
	size_t	frame_bytes;		/* bytes of memory: all frames, */
	size_t	event_bytes;		/* all kept events, */
	size_t	retained_events;	/* the events that topics retain */
};

/* The bytes of memory that wait to be sent, for limits.queues.  Retained events
 * do not count: limits.retained is for them. */
static inline size_t
pressure_bytes(const struct pressure *p)
{
	return p->frame_bytes + p->event_bytes - p->retained_events +
	    p->pool.used * sizeof(struct queue_chunk);
}
