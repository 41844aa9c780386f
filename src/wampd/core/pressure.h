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
	size_t	event_bytes;		/* all events, */
	size_t	kept_events;		/* the events that topics keep, */
	size_t	kept_frames;		/* queued frames of those, which do
					 * not count in frame_bytes */
};

/* The bytes of memory that wait to be sent, for limits.queues.  Kept events
 * do not count: limits.retained and limits.history are for them.  Neither do
 * their frames, which all sessions share. */
static inline size_t
pressure_bytes(const struct pressure *p)
{
	return p->frame_bytes + p->event_bytes - p->kept_events +
	    p->pool.used * sizeof(struct queue_chunk);
}
