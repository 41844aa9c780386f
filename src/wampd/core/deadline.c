/*
 * deadline.c: times at which something ends, the soonest first.
 */
#include "wampd/core/deadline.h"

#include <stdlib.h>

#include "base/clock.h"

static void
heap_put(struct deadlines *all, struct deadline *d, size_t place)
{
	all->heap[place - 1] = d;
	d->place = place;
}

static struct deadline *
heap_at(const struct deadlines *all, size_t place)
{
	return all->heap[place - 1];
}

/* Move it towards the first place, as far as it belongs there. */
static void
heap_rise(struct deadlines *all, struct deadline *d)
{
	size_t place = d->place, up;

	for (; place > 1; place = up) {
		up = place / 2;
		if (heap_at(all, up)->at <= d->at)
			break;
		heap_put(all, heap_at(all, up), place);
	}
	heap_put(all, d, place);
}

/* Move it away from there. */
static void
heap_sink(struct deadlines *all, struct deadline *d)
{
	size_t place = d->place, down;

	for (; (down = 2 * place) <= all->n; place = down) {
		if (down < all->n &&
		    heap_at(all, down + 1)->at < heap_at(all, down)->at)
			down++;
		if (heap_at(all, down)->at >= d->at)
			break;
		heap_put(all, heap_at(all, down), place);
	}
	heap_put(all, d, place);
}

static int
heap_grow(struct deadlines *all)
{
	size_t cap = all->cap > 0 ? 2 * all->cap : 16;
	struct deadline **heap;

	if (all->n < all->cap)
		return 0;
	heap = reallocarray(all->heap, cap, sizeof(struct deadline *));
	if (heap == NULL)
		return -1;
	all->heap = heap;
	all->cap = cap;
	return 0;
}

int
deadline_set(struct deadlines *all, struct deadline *d, int64_t at)
{
	if (d->place == 0) {
		if (heap_grow(all) == -1)
			return -1;
		heap_put(all, d, ++all->n);
	}
	d->at = at;
	heap_rise(all, d);
	heap_sink(all, d);
	return 0;
}

void
deadline_drop(struct deadlines *all, struct deadline *d)
{
	size_t place = d->place;
	struct deadline *last;

	if (place == 0)
		return;
	d->place = 0;
	last = heap_at(all, all->n--);
	if (last == d)
		return;
	heap_put(all, last, place);
	heap_rise(all, last);
	heap_sink(all, last);
}

int64_t
deadlines_wait(const struct deadlines *all, int64_t now)
{
	return all->n > 0 && all->heap[0]->at != DEADLINE_NEVER ?
	    clock_left(all->heap[0]->at, now) : -1;
}

void
deadlines_clear(struct deadlines *all)
{
	free(all->heap);
	*all = (struct deadlines){ 0 };
}
