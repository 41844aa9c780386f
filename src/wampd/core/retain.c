/*
 * retain.c: the event that a topic retains for later subscribers.
 */
#include "wampd/core/retain.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"

/* Most retained events have no end, so this is not a part of all of them. */
struct retained_end {
	struct deadline	 deadline;	/* first */
	struct topic	*topic;		/* that retains it */
};

/* An event keeps its topic in memory, so that counts, too. */
static size_t
weight(const struct topic *t, size_t event)
{
	return topic_cost(t) + event;
}

size_t
retain_weight(const struct topic *t)
{
	return t->retained == NULL ? 0 :
	    weight(t, event_size(t->retained));
}

int64_t
retain_end(const struct event *ev)
{
	return ev->until == 0 ? DEADLINE_NEVER :
	    ev->born + (ev->until - ev->at);
}

/* 0, or -1 when out of memory. */
static int
begin_end(struct topics *all, struct topic *t, struct event *ev)
{
	struct retained_end *end;

	if (ev->until == 0)
		return 0;
	if ((end = calloc(1, sizeof(*end))) == NULL)
		return -1;
	end->topic = t;
	if (deadline_set(&all->retained_ends, &end->deadline,
	    retain_end(ev)) == -1) {
		free(end);
		return -1;
	}
	ev->end = end;
	return 0;
}

/* Take the event away from t, which may be idle then. */
static void
take_away(struct topics *all, struct topic *t, enum keep_end why)
{
	struct event *ev = t->retained;

	if (ev == NULL)
		return;
	keep_tell_dropped(all->broker, t, ev, KEEP_RETAINED, why);
	all->retained_bytes -= retain_weight(t);
	all->retained_events--;
	if (ev->source != NULL)
		source_release(&all->broker->sources, ev->source,
		    SOURCE_RETAINED, retain_weight(t));
	if (ev->end != NULL)
		deadline_drop(&all->retained_ends, &ev->end->deadline);
	free(ev->end);
	ev->end = NULL;
	t->retained = NULL;
	event_unkeep(ev, KEEP_RETAINED, &all->broker->pressure);
}

int
retain_set(struct topics *all, struct topic *t, struct event *ev)
{
	if (begin_end(all, t, ev) == -1)
		return -1;
	take_away(all, t, KEEP_REPLACED);
	event_keep(ev, KEEP_RETAINED, &all->broker->pressure);
	t->retained = ev;
	all->retained_bytes += retain_weight(t);
	all->retained_events++;
	if (ev->source != NULL)
		source_charge(ev->source, SOURCE_RETAINED, retain_weight(t));
	topic_settle(all, t);
	return 0;
}

void
retain_drop(struct topics *all, struct topic *t, enum keep_end why)
{
	take_away(all, t, why);
	topic_settle(all, t);
}

bool
retain_may(const struct topics *all, const struct topic *t, size_t len,
    const struct source *o)
{
	size_t limit = all->broker->set.limit_retained, own;
	size_t more = weight(t, EVENT_OVERHEAD + len);
	size_t others = all->retained_bytes - retain_weight(t);

	if (others + more > limit)
		return false;
	if (o == NULL)
		return true;
	own = o->bytes[SOURCE_RETAINED];
	if (t->retained != NULL && t->retained->source == o)
		own -= retain_weight(t);
	return own + more <= limit - others - more;
}

int64_t
retain_tick(struct broker *b)
{
	struct topics *all = &b->topics;
	size_t left = TURN_TOPICS;
	struct deadline *d;

	while ((d = deadlines_due(&all->retained_ends, b->now)) != NULL) {
		if (left-- == 0)
			return 0;
		b->stats.retained_expired++;
		retain_drop(all, ((struct retained_end *)(void *)d)->topic,
		    KEEP_EXPIRED);
	}
	return deadlines_wait(&all->retained_ends, b->now);
}
