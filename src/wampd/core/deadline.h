/*
 * deadline.h: times at which something ends, the soonest first.
 *
 * What ends embeds a struct deadline.  They are in a heap, so setting and
 * dropping one takes little time, however many there are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed: not set. */
struct deadline {
	int64_t	at;		/* ms, monotonic */
	size_t	place;		/* in the heap, from 1 on; 0: not set */
};

#define DEADLINE_NEVER	INT64_MAX

/* Zeroed: none is set. */
struct deadlines {
	struct deadline **heap;	/* owned; borrows those that are set */
	size_t		  n, cap;
};

/* Set d, or move it if it is set.  Returns 0, or -1 when out of memory, which
 * cannot happen if it is only moved. */
int	deadline_set(struct deadlines *all, struct deadline *d, int64_t at);

/* Drop d, if it is set. */
void	deadline_drop(struct deadlines *all, struct deadline *d);

/* The soonest one that is due by now, or NULL. */
static inline struct deadline *
deadlines_due(const struct deadlines *all, int64_t now)
{
	return all->n > 0 && all->heap[0]->at <= now ? all->heap[0] : NULL;
}

/* In how many ms the soonest one is due: at least 1, or -1 for never. */
int64_t	deadlines_wait(const struct deadlines *all, int64_t now);

/* Free the heap. */
void	deadlines_clear(struct deadlines *all);
