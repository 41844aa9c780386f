/*
 * keep.c: the events that topics keep, for parts that keep them elsewhere.
 */
#include "wampd/core/keep.h"

#include "wampd/core/broker.h"
#include "wampd/core/event.h"

void
keep_set(struct broker *b, const struct keep_ops *ops, void *ctx)
{
	b->keep = (struct keep){ ops, ctx };
}

/* Whether the keeper is told of what t keeps. */
static bool
is_told(const struct broker *b, const struct topic *t)
{
	return b->keep.ops != NULL &&
	    (!t->tapped || taps_claim(&b->taps, t->name) == NULL);
}

void
keep_tell_kept(struct broker *b, const struct topic *t, struct event *ev,
    unsigned as)
{
	if (is_told(b, t))
		b->keep.ops->kept(b->keep.ctx, t, ev, as);
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
	w->next = 0;
	w->end = b->topics.next_event;
	TAILQ_INSERT_TAIL(&b->cursors, &w->topic, link);
}

static void
walk_topic(const struct keep_walk *w, const struct topic *t, keep_walk_fn *fn,
    void *ctx)
{
	struct event *ev = t->retained;

	if (ev != NULL && ev->number < w->end &&
	    (!t->tapped || taps_claim(&w->broker->taps, t->name) == NULL))
		fn(ctx, t, ev, KEEP_RETAINED);
}

bool
keep_walk_some(struct keep_walk *w, size_t most, keep_walk_fn *fn, void *ctx)
{
	const struct topic *t;

	for (; (t = w->topic.at) != NULL && most > 0; most--) {
		w->topic.at = TAILQ_NEXT(t, link);
		walk_topic(w, t, fn, ctx);
	}
	return t != NULL;
}

void
keep_walk_end(struct keep_walk *w)
{
	TAILQ_REMOVE(&w->broker->cursors, &w->topic, link);
}
