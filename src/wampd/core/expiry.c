/*
 * expiry.c: sessions that end at a time of their own.
 */
#include "wampd/core/expiry.h"

#include <stdlib.h>

#include "base/clock.h"
#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

#define NOWHERE	SIZE_MAX

struct expiry {
	struct ledger_part part;	/* first; its owner is the address of
					 * `expiries` */
	struct session	*session;	/* borrowed */
	int64_t		 at;		/* ms, monotonic */
	size_t		 place;		/* in the heap, or NOWHERE */
};

/* ---- the heap ---- */

static void
heap_put(struct expiries *all, struct expiry *x, size_t place)
{
	all->heap[place] = x;
	x->place = place;
}

/* Move it towards the first place, as far as it belongs there. */
static void
heap_rise(struct expiries *all, struct expiry *x)
{
	size_t place = x->place, up;

	for (; place > 0; place = up) {
		up = (place - 1) / 2;
		if (all->heap[up]->at <= x->at)
			break;
		heap_put(all, all->heap[up], place);
	}
	heap_put(all, x, place);
}

/* Move it away from there. */
static void
heap_sink(struct expiries *all, struct expiry *x)
{
	size_t place = x->place, down;

	for (; (down = 2 * place + 1) < all->n; place = down) {
		if (down + 1 < all->n &&
		    all->heap[down + 1]->at < all->heap[down]->at)
			down++;
		if (all->heap[down]->at >= x->at)
			break;
		heap_put(all, all->heap[down], place);
	}
	heap_put(all, x, place);
}

static int
heap_grow(struct expiries *all)
{
	size_t cap = all->cap > 0 ? 2 * all->cap : 16;
	struct expiry **heap;

	if (all->n < all->cap)
		return 0;
	heap = reallocarray(all->heap, cap, sizeof(struct expiry *));
	if (heap == NULL)
		return -1;
	all->heap = heap;
	all->cap = cap;
	return 0;
}

static void
heap_remove(struct expiries *all, struct expiry *x)
{
	struct expiry *last = all->heap[--all->n];
	size_t place = x->place;

	x->place = NOWHERE;
	if (last == x)
		return;
	heap_put(all, last, place);
	heap_rise(all, last);
	heap_sink(all, last);
}

/* ---- sessions ---- */

static void
expiry_leave(struct ledger_part *part)
{
	struct expiry *x = (struct expiry *)(void *)part;

	if (x->place != NOWHERE)
		heap_remove(&x->session->broker->sessions.expiries, x);
	free(x);
}

int
expiry_set(struct session *s, int64_t at)
{
	struct expiries *all = &s->broker->sessions.expiries;
	struct expiry *x;

	if (heap_grow(all) == -1 || (x = calloc(1, sizeof(*x))) == NULL)
		return -1;
	x->part.owner = all;
	x->part.leave = expiry_leave;
	x->session = s;
	x->at = at;
	if (ledger_keep(s, &x->part) == -1) {
		free(x);
		return -1;
	}
	heap_put(all, x, all->n++);
	heap_rise(all, x);
	return 0;
}

int64_t
expiry_tick(struct broker *b)
{
	struct expiries *all = &b->sessions.expiries;
	struct session *s;

	while (all->n > 0 && all->heap[0]->at <= b->now) {
		s = all->heap[0]->session;
		heap_remove(all, all->heap[0]);
		if (s->state == SESSION_DOOMED)
			continue;
		b->stats.sessions_expired++;
		session_turn_away(s, CLOSE_TRY_AGAIN,
		    "the time of its ticket is up");
	}
	return all->n > 0 ? clock_left(all->heap[0]->at, b->now) : -1;
}

void
expiries_clear(struct expiries *all)
{
	free(all->heap);
	*all = (struct expiries){ 0 };
}
