/*
 * pressure.h: what is queued for all sessions together, and who is slow.
 */
#pragma once

#include <stddef.h>

#include "wampd/core/queue.h"
#include "wampd/core/slow.h"

struct pressure {
	struct slow_list slow;	/* slow receivers, by due */
	struct queue_pool pool;		/* of all queues */
	size_t	frame_bytes;		/* memory of all frames, */
	size_t	event_bytes;		/* of all kept events, */
	size_t	retained_events;	/* of those that topics hold */
};

/* Bytes of what waits to be sent.  What is retained is not the queues'
 * fault. */
static inline size_t
pressure_bytes(const struct pressure *p)
{
	return p->frame_bytes + p->event_bytes - p->retained_events +
	    p->pool.used * sizeof(struct queue_chunk);
}
