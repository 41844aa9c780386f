/*
 * publish.c: publishing an event to its audience.
 */
#include "wampd/core/publish.h"

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/kept.h"
#include "wampd/core/limits.h"
#include "wampd/core/protocol.h"
#include "wampd/core/retain.h"
#include "wampd/core/slow.h"
#include "wampd/core/sub.h"
#include "wampd/core/topic_room.h"

/* A publication that is being delivered. */
struct delivery {
	struct publication *p;
	const struct protocol *protocol;	/* of the frame */
	struct frame *frame;			/* a reference; NULL: none
						 * yet */
	struct frame *packed;			/* the same, for sessions that
						 * take it compressed */
	uint32_t      skipped;			/* references to frame that were
						 * made, but not used */
	bool	      failed;			/* out of memory */
};

/* ---- the audience ---- */

/* The next open session of a list of ids.  Ids of no session are skipped. */
static struct session *
list_next(struct broker *b, struct slice *rest)
{
	struct session *s;
	struct slice id;

	while (audience_next(rest, &id, &b->scratch_text))
		if ((s = sessions_find(&b->sessions, id)) != NULL)
			return s;
	return NULL;
}

/* Mark the sessions that must not get the event.  Returns the mark. */
static uint32_t
mark_excluded(const struct publication *p)
{
	uint32_t mark = sessions_mark(&p->broker->sessions);
	struct slice rest = p->to.exclude;
	struct session *s;

	if ((p->to.flags & AUDIENCE_EXCLUDE_ME) && p->from != NULL)
		p->from->mark = mark;
	if (p->to.flags & AUDIENCE_EXCLUDE)
		while ((s = list_next(p->broker, &rest)) != NULL)
			s->mark = mark;
	return mark;
}

/* Give the frames back. */
static void
delivery_end(struct delivery *d)
{
	if (d->packed != NULL)
		frame_unref(d->packed, 1);
	if (d->frame != NULL)
		frame_unref(d->frame, 1);
	d->frame = d->packed = NULL;
}

/* Make the frame for sessions with that protocol.  It is not inlined, because
 * deliver() runs for each subscriber and must be small. */
__attribute__((noinline))
static struct frame *
delivery_turn_to(struct delivery *d, const struct protocol *protocol)
{
	const struct publication *p = d->p;

	delivery_end(d);
	d->protocol = protocol;
	d->frame = protocol->event(p->broker, p->topic, p->event, p->newline,
	    NULL);
	if (d->frame == NULL) {
		d->failed = true;
		return NULL;
	}
	p->broker->stats.frames_allocated++;
	/* A topic without a route has no handler, but it may have
	 * subscribers. */
	if (p->topic->handler != NULL)
		d->frame->overflow = (uint8_t)p->topic->handler->overflow;
	return d->frame;
}

/* The frame for a session that does not take d->frame as it is.  NULL when out
 * of memory. */
__attribute__((noinline))
static struct frame *
delivery_frame(struct delivery *d, const struct session *s)
{
	if ((d->frame == NULL || s->protocol != d->protocol) &&
	    delivery_turn_to(d, s->protocol) == NULL)
		return NULL;
	if (!s->ops->compressed)
		return d->frame;
	if (d->packed == NULL) {
		d->frame->refs++;
		d->packed = compress_frame(d->p->broker, d->frame);
	}
	return d->packed;
}

/* Queue the frame to one session; uses up a reference.  Returns 1 if it was
 * queued, else 0. */
static inline long
deliver_frame(struct session *from, struct session *s, struct frame *f)
{
	if (!session_send(s, f))
		return 0;
	if (s->slow != NULL && from != NULL &&
	    f->overflow == OVERFLOW_DISCONNECT)
		slow_pause(from, s);
	return 1;
}

/* Queue the event to one session.  Returns 1 if it was queued, else 0. */
static inline long
deliver(struct delivery *d, struct session *s)
{
	struct frame *f = d->frame;

	if ((f == NULL || s->plain != d->protocol) &&
	    (f = delivery_frame(d, s)) == NULL)
		return 0;
	f->refs++;
	if (s->replaying && replay_hold(d->p->from, s, d->p->topic, f))
		return 1;
	return deliver_frame(d->p->from, s, f);
}

/* The same for one that does not use the frame that was made for it, because it
 * takes it compressed, or speaks another protocol; others is for those. */
__attribute__((noinline))
static long
deliver_other(struct delivery *d, struct delivery *others, struct session *s)
{
	d->skipped++;
	return deliver(s->protocol == d->protocol ? d : others, s);
}

/* Deliver to all subscribers of the topic that are not excluded.  They get the
 * frame that the first of them needs.  Its references are made in one addition;
 * those that were not needed go back the same way.  What the loops use is in
 * variables, since each instruction counts there. */
static long
deliver_all(struct delivery *d)
{
	const struct topic *t = d->p->topic;
	struct session *s, *from = d->p->from;
	struct delivery others = { .p = d->p };
	const struct protocol *plain;
	struct frame *f;
	uint32_t mark;
	long n = 0;
	size_t i;

	if (t->n == 0 ||
	    (f = delivery_turn_to(d, t->members[0]->protocol)) == NULL)
		return 0;
	plain = d->protocol;
	f->refs += (uint32_t)t->n;
	if (d->p->to.flags == 0) {
		for (i = 0; i < t->n; i++) {
			s = t->members[i];
			if (__builtin_expect(s->plain == plain, 1))
				n += deliver_frame(from, s, f);
			else
				n += deliver_other(d, &others, s);
		}
	} else {
		mark = mark_excluded(d->p);
		for (i = 0; i < t->n; i++) {
			s = t->members[i];
			if (s->mark == mark)
				d->skipped++;
			else if (s->plain == plain)
				n += deliver_frame(from, s, f);
			else
				n += deliver_other(d, &others, s);
		}
	}
	frame_unref(f, d->skipped);
	delivery_end(&others);
	d->failed |= others.failed;
	return n;
}

/* Deliver to the subscribers of prefixes that are not excluded.  Those that are
 * subscribed to the topic itself have got the event already. */
static long
deliver_prefixes(struct delivery *d)
{
	const struct publication *p = d->p;
	uint32_t mark = mark_excluded(p);
	const struct prefix_sub *w;
	long n = 0;

	LIST_FOREACH(w, &p->broker->prefix_subs, link) {
		if (w->session->mark == mark ||
		    !prefix_sub_matches(w, p->topic->name) ||
		    sub_exists(&p->broker->topics, p->topic, w->session))
			continue;
		w->session->mark = mark;	/* two prefixes: only once */
		n += deliver(d, w->session);
	}
	return n;
}

/* Deliver to the eligible subscribers only.  Walk that list instead of all
 * subscribers: it is usually shorter. */
static long
deliver_eligible(struct delivery *d)
{
	const struct publication *p = d->p;
	uint32_t mark = mark_excluded(p);
	struct slice rest = p->to.eligible;
	struct session *s;
	long n = 0;

	while ((s = list_next(p->broker, &rest)) != NULL) {
		if (s->mark == mark || !prefix_sub_hears(p->broker, p->topic,
		    s))
			continue;
		s->mark = mark;		/* listed twice: only once */
		n += deliver(d, s);
	}
	return n;
}

long
publish_broadcast(struct publication *p)
{
	struct delivery d = { .p = p };
	struct broker *b = p->broker;
	long n;

	if (p->topic->n == 0 && LIST_EMPTY(&b->prefix_subs))
		return 0;
	if (p->to.flags & AUDIENCE_ELIGIBLE) {
		n = deliver_eligible(&d);
	} else {
		n = deliver_all(&d);
		if (!LIST_EMPTY(&b->prefix_subs))
			n += deliver_prefixes(&d);
	}
	delivery_end(&d);
	b->stats.deliveries += (uint64_t)n;
	return d.failed ? -1 : n;
}

void
publish_accepted(struct publication *p)
{
	struct topic *t = p->topic;

	p->broker->stats.events++;
	t->events++;
	if (t->handler != NULL)
		t->handler->counts.events++;
	if (t->tapped &&
	    taps_accepted(&p->broker->taps, p->topic, p->event))
		return;
	if (p->retain || (t->handler != NULL && t->handler->keeps != 0))
		kept_take(p, kept_as(p));
}

long
publish_own(struct publication *p)
{
	long delivered = publish_broadcast(p);

	if (delivered != -1)
		publish_accepted(p);
	return delivered;
}

enum verdict
publish_as_it_came(struct publication *p, long *delivered, struct errbuf *e)
{
	if ((*delivered = publish_broadcast(p)) != -1)
		return VERDICT_YES;
	err_set(e, "out of memory");
	return VERDICT_NO;
}

/* Let the handler deliver the event.  If its type has no publish(), all
 * subscribers get it. */
static enum verdict
publish_ask(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	if (h->type->publish != NULL) {
		handler_stir(h);
		return h->type->publish(h, p, delivered, e);
	}
	return publish_as_it_came(p, delivered, e);
}

/* The topic of an event to be retained comes into use.  0, or -1 with *e
 * filled. */
static int
publish_check_topic(const struct publication *p, struct errbuf *e)
{
	return p->from == NULL || topic_in_use(p->topic) ? 0 :
	    topic_room_obtain(p->from, e);
}

/* Check that the event can be retained, if it is to be.  0, or -1 with *e
 * filled. */
static int
publish_check_retain(const struct publication *p, struct errbuf *e)
{
	struct broker *b = p->broker;
	const struct tap_claim *claim = NULL;
	const struct source *from;

	if (!p->retain && !(p->topic->handler->keeps & KEEP_RETAINED))
		return 0;
	if (p->to.flags & AUDIENCE_ELIGIBLE) {
		err_set(e, "an event for some sessions only cannot be "
		    "retained");
		return p->retain ? -1 : 0;
	}
	from = source_that_retains(p->from);
	if (p->retain)
		claim = taps_claim(&b->taps, p->topic->name);
	if (claim != NULL)
		err_set(e, "this topic retains %s, which only %s changes",
		    claim->what, claim->changed_by);
	else if (!retain_may(&b->topics, p->topic, p->event.len, from))
		err_set(e, "limits.retained is reached%s: the event cannot be "
		    "retained", from != NULL ? ", or your share of it" : "");
	else
		return publish_check_topic(p, e);
	b->stats.limited_retained += claim == NULL;
	return -1;
}

/* The checks before the handler is asked.  0, or -1 with *kind and *e
 * filled. */
static int
publish_check(const struct publication *p, enum failure_kind *kind,
    struct errbuf *e)
{
	struct handler *h = p->topic->handler;

	if (h == NULL) {
		*kind = FAILURE_NO_ROUTE;
		err_set(e, "no route matches the topic");
		return -1;
	}
	if (p->from != NULL && guard_admit(h, p->from, p->topic->name,
	    p->event, e) == -1)
		return -1;
	if (limits_check_length(p->broker, p->topic, p->event, e) == -1)
		return -1;
	return publish_check_retain(p, e);
}

enum verdict
publish(struct publication *p, long *delivered, struct failure *f)
{
	enum failure_kind kind = FAILURE_FORBIDDEN;
	struct handler *h = p->topic->handler;
	enum verdict verdict = VERDICT_NO;

	*delivered = 0;
	if (publish_check(p, &kind, &f->reason) == 0) {
		guard_log(h, p->from, "publish", p->topic->name,
		    p->event.len);
		verdict = publish_ask(h, p, delivered, &f->reason);
	}
	if (verdict == VERDICT_YES) {
		publish_accepted(p);
	} else if (verdict == VERDICT_NO) {
		failure_begin(f, kind);
		*delivered = 0;
		p->broker->stats.events_refused++;
		if (h != NULL)
			h->counts.refusals++;
	}
	return verdict;
}
