/*
 * history.h: the last events of a topic, the history.
 *
 * A handler says how many events its topics keep, or for how long, or both.
 * limits.history bounds the memory of all histories.  When it is reached, a
 * topic loses its own oldest events, so that a busy topic does not push the
 * events of others out: a topic may have as much as is free beside that, and so
 * may a source.  If that is not enough, a new event is delivered, but it does
 * not enter the history.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/core/deadline.h"
#include "wampd/core/event.h"
#include "wampd/core/keep.h"

struct broker;
struct topic;
struct topics;

/* That of one topic.  It has at least one event. */
struct history {
	struct deadline oldest;	/* first; when to look at its oldest event;
				 * always set */
	struct topic   *topic;	/* borrowed */
	struct event  **ring;	/* owned; a reference each */
	size_t		cap;	/* of ring; a power of 2 */
	size_t		first;	/* where the oldest event is */
	size_t		n;	/* events */
	size_t		bytes;	/* that count in limits.history */
};

/* Its event number i, from the oldest on; i < h->n. */
static inline struct event *
history_at(const struct history *h, size_t i)
{
	return h->ring[(h->first + i) & (h->cap - 1)];
}

/* Add ev to the history of t, whose handler has one; takes a reference of its
 * own.  Its source pays for it.  Returns whether it was added; counts if not.
 * The keeper is not told of ev. */
bool	history_add(struct topics *all, struct topic *t, struct event *ev);

/* Drop the oldest events of t, at most that many.  Returns how many were
 * dropped. */
size_t	history_drop(struct topics *all, struct topic *t, size_t most,
	    enum keep_end why);

/* The place of the first event with at least that number; h->n if there is
 * none.  Inline, because keep.c may not call history.c, which calls it. */
static inline size_t
history_find(const struct history *h, uint64_t number)
{
	size_t low = 0, high = h->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (history_at(h, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The place of the first event, from place `low` on, that was born then or
 * later by the monotonic clock; h->n if there is none.  Events were born in the
 * order of their numbers. */
static inline size_t
history_find_born(const struct history *h, size_t low, int64_t born)
{
	size_t high = h->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (history_at(h, middle)->born < born)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Drop the events whose time is up, and those that a reload has left too many,
 * as many as one turn may.  Returns in how many ms to call it again, or -1. */
int64_t	history_tick(struct broker *b);
