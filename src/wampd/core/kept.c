/*
 * kept.c: keeping accepted events, as their handlers and publishers say.
 */
#include "wampd/core/kept.h"

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/history.h"
#include "wampd/core/publish.h"
#include "wampd/core/retain.h"

unsigned
kept_as(const struct publication *p)
{
	const struct handler *h = p->topic->handler;
	unsigned as = (p->retain ? KEEP_RETAINED : 0) |
	    (h != NULL ? h->keeps : 0);

	/* Later subscribers are none of those that it is for. */
	return p->to.flags & AUDIENCE_ELIGIBLE ? as & ~KEEP_RETAINED : as;
}

/* Make an event of now.  NULL when out of memory. */
static struct event *
event_of_now(struct broker *b, struct slice json, bool newline,
    int64_t lifetime)
{
	struct event *ev = event_new(&b->pressure.event_bytes, json, newline);

	if (ev == NULL)
		return NULL;
	ev->at = b->wall();
	ev->until = lifetime > 0 ? ev->at + lifetime : 0;
	ev->born = b->now;
	ev->number = ++b->topics.last_event;
	return ev;
}

/* How long the event is retained, in ms; 0: without end. */
static int64_t
lifetime_of(const struct publication *p)
{
	return p->retain && p->retain_for > 0 ? p->retain_for :
	    p->topic->handler != NULL ? p->topic->handler->retain_time : 0;
}

/* Retain the event, or nothing.  Returns whether it is retained. */
static bool
take_retained(const struct publication *p, struct event *ev)
{
	struct topics *all = &p->broker->topics;
	bool room = retain_may(all, p->topic, p->event.len,
	    source_that_retains(p->from));

	if (room && ev != NULL && retain_set(all, p->topic, ev) == 0) {
		all->retained_full = false;
		return true;
	}
	retain_drop(all, p->topic, KEEP_FULL);
	if (!all->retained_full)
		log_err("topic=%s event not retained: %s",
		    log_quote(p->topic->name).s, room ? "out of memory" :
		    "limits.retained is reached");
	all->retained_full = true;
	return false;
}

/* Whether the event is for all subscribers, also later ones. */
static bool
is_for_all(const struct publication *p)
{
	return (p->to.flags & (AUDIENCE_EXCLUDE | AUDIENCE_ELIGIBLE)) == 0;
}

static void
tell(struct broker *b, struct session *from, const struct topic *t,
    struct event *ev, unsigned as)
{
	if (keep_tell_kept(b, t, ev, as))
		saved_kept(b, from);
}

void
kept_take(const struct publication *p, unsigned as)
{
	struct broker *b = p->broker;
	struct event *ev = event_of_now(b, p->event, p->newline,
	    lifetime_of(p));
	unsigned kept = 0;

	if (ev != NULL)
		ev->source = source_that_retains(p->from);
	if ((as & KEEP_HISTORY) && ev != NULL && is_for_all(p) &&
	    history_add(&b->topics, p->topic, ev))
		kept |= KEEP_HISTORY;
	if ((as & KEEP_RETAINED) && take_retained(p, ev))
		kept |= KEEP_RETAINED;
	if (kept != 0)
		tell(b, p->from, p->topic, ev, kept);
	event_unref(ev);
}

int
kept_retain(struct broker *b, struct topic *t, struct slice event,
    bool newline)
{
	struct event *ev = event_of_now(b, event, newline, 0);
	int rc = -1;

	if (ev != NULL && (rc = retain_set(&b->topics, t, ev)) == 0)
		tell(b, NULL, t, ev, KEEP_RETAINED);
	event_unref(ev);
	return rc;
}

/* By the monotonic clock, when it was published.  If somebody has set the
 * machine's clock back since, it is not older than now. */
static int64_t
born_at(const struct broker *b, int64_t at)
{
	int64_t age = b->wall() - at;

	return age > 0 ? b->now - age : b->now;
}

unsigned
kept_again(struct broker *b, struct topic *t,
    const struct kept_before *before, unsigned as)
{
	struct event *ev = event_of_now(b, before->json, before->newline, 0);
	unsigned kept = 0;

	if (ev == NULL)
		return 0;
	ev->at = before->at;
	ev->until = before->until;
	if (before->number != 0) {
		ev->number = before->number;
		b->topics.last_event--;
	}
	ev->born = born_at(b, before->at);
	if ((as & KEEP_HISTORY) && history_add(&b->topics, t, ev))
		kept |= KEEP_HISTORY;
	if ((as & KEEP_RETAINED) && retain_set(&b->topics, t, ev) == 0)
		kept |= KEEP_RETAINED;
	event_unref(ev);
	return kept;
}
