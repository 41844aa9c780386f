/*
 * live.h: what is still kept at the end of a log.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "wampd/state/record.h"

struct live_topic;

/* Zeroed: nothing.  Its slices point into the log. */
struct live {
	struct map topics;	/* by name; owned */
	struct live_topic *first, **last; /* the same, in their order */
	uint64_t   number;	/* the highest of all events */
	size_t	   records;	/* that were read */
};

void	live_init(struct live *l);
void	live_clear(struct live *l);

/* Do what the next record says.  0, or -1 when out of memory. */
int	live_take(struct live *l, const struct record *r);

/* Call fn for each event that is kept, those of a topic in their order. */
void	live_walk(const struct live *l,
	    void (*fn)(void *ctx, const struct record *r), void *ctx);
