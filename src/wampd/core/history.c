/*
 * history.c: the last events of a topic, the history.
 */
#include "wampd/core/history.h"

#include <stdlib.h>

#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"

#define RING_FIRST	4	/* slots of a new ring; a power of 2 */

/* What an event counts in limits.history, in bytes. */
static size_t
event_weight(const struct event *ev)
{
	return event_size(ev) + sizeof(struct event *);
}

/* What a history counts beside its events.  It keeps its topic in memory. */
static size_t
base_weight(const struct topic *t)
{
	return topic_cost(t) + sizeof(struct history);
}

/* ---- the ring ---- */

/* Give the ring another number of slots.  0, or -1 when out of memory. */
static int
ring_resize(struct history *h, size_t cap)
{
	struct event **ring = reallocarray(NULL, cap, sizeof(struct event *));
	size_t i;

	if (ring == NULL)
		return -1;
	for (i = 0; i < h->n; i++)
		ring[i] = history_at(h, i);
	free(h->ring);
	h->ring = ring;
	h->cap = cap;
	h->first = 0;
	return 0;
}

static struct history *
history_new(struct topics *all, struct topic *t)
{
	struct history *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->topic = t;
	if (ring_resize(h, RING_FIRST) == -1 ||
	    deadline_set(&all->history_ends, &h->oldest,
	    DEADLINE_NEVER) == -1) {
		free(h->ring);
		free(h);
		return NULL;
	}
	h->bytes = base_weight(t);
	all->history_bytes += h->bytes;
	t->history = h;
	return h;
}

static void
history_free(struct topics *all, struct topic *t)
{
	struct history *h = t->history;

	all->history_bytes -= h->bytes;
	deadline_drop(&all->history_ends, &h->oldest);
	t->history = NULL;
	free(h->ring);
	free(h);
}

/* ---- dropping ---- */

/* Drop the oldest event of t, which has one.  The history is freed if that was
 * the last one. */
static void
drop_oldest(struct topics *all, struct topic *t, enum keep_end why)
{
	struct history *h = t->history;
	struct event *ev = history_at(h, 0);
	size_t weight = event_weight(ev);

	keep_tell_dropped(all->broker, t, ev, KEEP_HISTORY, why);
	h->first = (h->first + 1) & (h->cap - 1);
	h->n--;
	h->bytes -= weight;
	all->history_bytes -= weight;
	all->history_events--;
	if (ev->source != NULL)
		source_release(&all->broker->sources, ev->source,
		    SOURCE_HISTORY, weight);
	event_unkeep(ev, KEEP_HISTORY, &all->broker->pressure);
	if (h->n == 0)
		history_free(all, t);
	else if (h->cap > RING_FIRST && h->n <= h->cap / 4)
		(void)ring_resize(h, h->cap / 2);
}

size_t
history_drop(struct topics *all, struct topic *t, size_t most,
    enum keep_end why)
{
	size_t n = 0;

	for (; n < most && t->history != NULL; n++)
		drop_oldest(all, t, why);
	if (n > 0)
		topic_settle(all, t);
	return n;
}

/* When to drop the oldest event, by the handler that its topic has now. */
static int64_t
oldest_end(const struct history *h)
{
	const struct handler *handler = h->topic->handler;

	if (handler == NULL || !(handler->keeps & KEEP_HISTORY) ||
	    (handler->history_events > 0 &&
	    h->n > (size_t)handler->history_events))
		return INT64_MIN;
	return handler->history_time == 0 ? DEADLINE_NEVER :
	    history_at(h, 0)->born + handler->history_time;
}

int64_t
history_tick(struct broker *b)
{
	struct topics *all = &b->topics;
	size_t left = TURN_TOPICS;
	struct history *h;
	struct deadline *d;
	int64_t end;

	while ((d = deadlines_due(&all->history_ends, b->now)) != NULL) {
		if (left-- == 0)
			return 0;
		h = (struct history *)(void *)d;
		end = oldest_end(h);
		if (end > b->now)
			(void)deadline_set(&all->history_ends, d, end);
		else
			(void)history_drop(all, h->topic, 1, end == INT64_MIN ?
			    KEEP_CLEARED : KEEP_EXPIRED);
	}
	return deadlines_wait(&all->history_ends, b->now);
}

/* ---- adding ---- */

/* Whether so much may be added to what somebody has.  As much must be free
 * beside that. */
static bool
is_share(const struct topics *all, size_t has, size_t more)
{
	size_t limit = all->broker->set.limit_history;

	return all->history_bytes + more <= limit &&
	    has + more <= limit - all->history_bytes - more;
}

/* Whether it would fit if t had no history. */
static bool
may_fit(const struct topics *all, const struct topic *t, size_t more)
{
	size_t limit = all->broker->set.limit_history;
	size_t own = t->history != NULL ? t->history->bytes : 0;
	size_t others = all->history_bytes - own + base_weight(t);

	return others + 2 * more <= limit;
}

/* Make room for the event: first by the number of events, then by bytes.
 * Returns whether there is room. */
static bool
make_room(struct topics *all, struct topic *t, const struct event *ev)
{
	int64_t most = t->handler->history_events;
	size_t more = event_weight(ev);
	struct history *h;

	if (!may_fit(all, t, more))
		return false;
	if (most > 0 && t->history != NULL && t->history->n >= (size_t)most)
		drop_oldest(all, t, KEEP_REPLACED);
	if (t->history == NULL)
		more += base_weight(t);
	while ((h = t->history) != NULL && !is_share(all, h->bytes, more)) {
		all->broker->stats.history_dropped++;
		drop_oldest(all, t, KEEP_FULL);
		if (t->history == NULL)
			more += base_weight(t);
	}
	return is_share(all, h != NULL ? h->bytes : 0, more) &&
	    (ev->source == NULL || is_share(all,
	    ev->source->bytes[SOURCE_HISTORY], more));
}

/* Whether t may come into use. */
static bool
may_be_used(const struct topics *all, const struct topic *t)
{
	return topic_in_use(t) ||
	    all->nused < (size_t)all->broker->set.limit_topics;
}

/* A place for one more event; NULL when out of memory. */
static struct history *
obtain(struct topics *all, struct topic *t)
{
	struct history *h = t->history;

	if (h == NULL)
		return history_new(all, t);
	return h->n < h->cap || ring_resize(h, 2 * h->cap) == 0 ? h : NULL;
}

bool
history_add(struct topics *all, struct topic *t, struct event *ev)
{
	struct history *h = NULL;

	if (may_be_used(all, t) && make_room(all, t, ev))
		h = obtain(all, t);
	if (h == NULL) {
		all->broker->stats.history_dropped++;
		topic_settle(all, t);
		return false;
	}
	h->ring[(h->first + h->n) & (h->cap - 1)] = ev;
	h->n++;
	event_keep(ev, KEEP_HISTORY, &all->broker->pressure);
	h->bytes += event_weight(ev);
	all->history_bytes += event_weight(ev);
	all->history_events++;
	if (ev->source != NULL)
		source_charge(ev->source, SOURCE_HISTORY, event_weight(ev));
	if (h->n == 1)
		(void)deadline_set(&all->history_ends, &h->oldest,
		    oldest_end(h));
	topic_settle(all, t);
	return true;
}
