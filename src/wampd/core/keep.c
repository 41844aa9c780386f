/*
 * keep.c: the events that topics keep, for parts that keep them elsewhere.
 */
#include "wampd/core/keep.h"

#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/history.h"

void
keep_set(struct broker *b, const struct keep_ops *ops, void *ctx)
{
	b->keep = (struct keep){ ops, ctx };
}

/* Whether a tap keeps the state of t itself. */
static bool
is_claimed(const struct broker *b, const struct topic *t)
{
	return t->tapped && taps_claim(&b->taps, t->name) != NULL;
}

/* Whether the keeper is told of what t keeps. */
static bool
is_told(const struct broker *b, const struct topic *t)
{
	return b->keep.ops != NULL && !is_claimed(b, t);
}

bool
keep_tell_kept(struct broker *b, const struct topic *t, struct event *ev,
    unsigned as)
{
	if (!is_told(b, t))
		return false;
	b->keep.ops->kept(b->keep.ctx, t, ev, as);
	return true;
}

void
keep_tell_dropped(struct broker *b, const struct topic *t, struct event *ev,
    unsigned as, enum keep_end why)
{
	if (is_told(b, t))
		b->keep.ops->dropped(b->keep.ctx, t, ev, as, why);
}

/* ---- walking ---- */

void
keep_walk_begin(struct keep_walk *w, struct broker *b)
{
	w->broker = b;
	w->topic.at = TAILQ_FIRST(&b->topics.used);
	w->at = NULL;
	w->next = 0;
	w->end = b->topics.last_event;
	TAILQ_INSERT_TAIL(&b->cursors, &w->topic, link);
}

/* Visit what t keeps from w->next on, in the order of numbers, and at most
 * `most` events; the last number is in w->next then.  Returns how many. */
static size_t
walk_topic(struct keep_walk *w, const struct topic *t, size_t most,
    keep_walk_fn *fn, void *ctx)
{
	const struct history *h = t->history;
	struct event *ev, *retained = t->retained;
	size_t n, i = h != NULL ? history_find(h, w->next) : 0;

	if (retained != NULL && ((retained->kept & KEEP_HISTORY) ||
	    retained->number < w->next))
		retained = NULL;	/* it is visited with the history */
	for (n = 0; n < most; n++) {
		ev = h != NULL && i < h->n ? history_at(h, i) : NULL;
		if (ev == NULL || (retained != NULL &&
		    retained->number < ev->number)) {
			ev = retained;
			retained = NULL;
		} else {
			i++;
		}
		if (ev == NULL || ev->number > w->end)
			break;
		w->next = ev->number + 1;
		fn(ctx, t, ev, ev->kept);
	}
	return n;
}

bool
keep_walk_some(struct keep_walk *w, size_t most, keep_walk_fn *fn, void *ctx)
{
	const struct topic *t;
	size_t n;

	while ((t = w->topic.at) != NULL && most > 0) {
		if (w->at != t)
			w->next = 0;
		w->at = t;
		n = is_claimed(w->broker, t) ? 0 :
		    walk_topic(w, t, most, fn, ctx);
		if (n == most)
			return true;	/* it may have more */
		most -= n + 1;
		w->topic.at = TAILQ_NEXT(t, link);
	}
	return t != NULL;
}

void
keep_walk_end(struct keep_walk *w)
{
	TAILQ_REMOVE(&w->broker->cursors, &w->topic, link);
}
