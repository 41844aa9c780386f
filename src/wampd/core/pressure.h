/*
 * pressure.h: the memory that waits to be sent, and the slow receivers.
 */
#pragma once

#include <stddef.h>

#include "wampd/core/queue.h"
#include "wampd/core/slow.h"

struct pressure {
	struct slow_list slow;		/* slow receivers, by due */
	size_t	nslow;
	struct queue_pool pool;		/* of all queues */
	size_t	frame_bytes;		/* bytes of memory: frames, */
	size_t	event_bytes;		/* all kept events, */
	size_t	retained_events;	/* the events that topics retain, */
	size_t	retained_frames;	/* queued frames of those, which do
					 * not count in frame_bytes */
};

/* The bytes of memory that wait to be sent, for limits.queues.  Retained events
 * do not count: limits.retained is for them.  Neither do their frames, which
 * all sessions share. */
static inline size_t
pressure_bytes(const struct pressure *p)
{
	return p->frame_bytes + p->event_bytes - p->retained_events +
	    p->pool.used * sizeof(struct queue_chunk);
}
