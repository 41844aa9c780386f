/*
 * publish.c: an event on its way to its audience.
 */
#include "wampd/core/publish.h"


#include "base/log.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"

const char *
publish_error_uri(enum publish_outcome outcome)
{
	switch (outcome) {
	case PUBLISH_NO_ROUTE:
		return "wampd.error.no_route";
	case PUBLISH_FORBIDDEN:
		return "wampd.error.not_permitted";
	case PUBLISH_OK:
	case PUBLISH_LATER:
	default:
		return "";
	}
}

/* ---- the audience ---- */

/* The next open session of a list of ids; ids of nobody are passed over. */
static struct session *
list_next(struct broker *b, struct slice *rest)
{
	struct json_elem id;
	struct slice name;
	struct session *s;

	while (json_next(rest, &id)) {
		if (id.type != JSON_STRING ||
		    json_string(&name, &id, &b->scratch_text) == -1)
			continue;
		if ((s = broker_session(b, name)) != NULL)
			return s;
	}
	return NULL;
}

uint32_t
publish_mark(struct broker *b)
{
	struct session *s;

	if (++b->mark == 0) {		/* once in 2^32 lists */
		TAILQ_FOREACH(s, &b->sessions, link)
			s->mark = 0;
		b->mark = 1;
	}
	return b->mark;
}

/* Mark who must not get it. */
static uint32_t
mark_excluded(struct publication *p)
{
	uint32_t mark = publish_mark(p->broker);
	struct slice rest = p->exclude_list;
	struct session *s;

	if (p->exclude == WAMP_EXCLUDE_ME && p->from != NULL)
		p->from->mark = mark;
	else if (p->exclude == WAMP_EXCLUDE_LIST)
		while ((s = list_next(p->broker, &rest)) != NULL)
			s->mark = mark;
	return mark;
}

/* Queue it to one; uses up one reference.  1 when it was queued, else 0. */
static long
deliver(struct publication *p, struct session *s, struct frame *f)
{
	if (!session_send(s, f))
		return 0;
	if (s->choke != NULL && p->from != NULL &&
	    f->overflow == OVERFLOW_DISCONNECT)
		choke_wait(p->from, s);
	return 1;
}

/* Everyone who is not excluded.  The references are made in one addition;
 * those that were not needed go back the same way. */
static long
deliver_all(struct publication *p, struct frame *f)
{
	const struct topic *t = p->topic;
	uint32_t mark, skipped = 0;
	long n = 0;
	size_t i;

	f->refs += (uint32_t)t->n;
	if (p->exclude == WAMP_EXCLUDE_NONE) {
		for (i = 0; i < t->n; i++)
			n += deliver(p, t->members[i], f);
		return n;
	}
	mark = mark_excluded(p);
	for (i = 0; i < t->n; i++)
		if (t->members[i]->mark == mark)
			skipped++;
		else
			n += deliver(p, t->members[i], f);
	frame_unref(f, skipped);
	return n;
}

/* Those who watch topics of that name; a subscriber has got it already. */
static long
deliver_watching(struct publication *p, struct frame *f)
{
	uint32_t mark = mark_excluded(p);
	const struct watch *w;
	long n = 0;

	LIST_FOREACH(w, &p->broker->watches, link) {
		if (w->session->mark == mark ||
		    !slice_starts(p->topic->name, buf_slice(&w->prefix)) ||
		    topic_has(p->broker, p->topic, w->session))
			continue;
		w->session->mark = mark;	/* by two prefixes: once */
		f->refs++;
		n += deliver(p, w->session, f);
	}
	return n;
}

/* Only those listed: the list is walked, not the subscribers. */
static long
deliver_eligible(struct publication *p, struct frame *f)
{
	uint32_t mark = mark_excluded(p);
	struct slice rest = p->eligible;
	struct session *s;
	long n = 0;

	while ((s = list_next(p->broker, &rest)) != NULL) {
		if (s->mark == mark || !watch_hears(p->broker, p->topic, s))
			continue;
		s->mark = mark;		/* listed twice is served once */
		f->refs++;
		n += deliver(p, s, f);
	}
	return n;
}

/* The EVENT message, with one reference; NULL when out of memory. */
static struct frame *
event_frame(struct broker *b, const struct topic *t, struct slice event,
    bool newline)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct frame *f = frame_new(&b->frame_bytes, parts,
	    wamp1_event(parts, t->json, event), newline);

	if (f != NULL)
		b->stats.frames_allocated++;
	return f;
}

long
publish_broadcast(struct publication *p)
{
	struct frame *f;
	long n;

	if (p->topic->n == 0 && LIST_EMPTY(&p->broker->watches))
		return 0;
	f = event_frame(p->broker, p->topic, p->event, p->newline);
	if (f == NULL)
		return -1;
	/* Without a route there is none, and yet it may be watched. */
	if (p->topic->handler != NULL)
		f->overflow = (uint8_t)p->topic->handler->overflow;
	n = p->has_eligible ? deliver_eligible(p, f) : deliver_all(p, f);
	if (!p->has_eligible && !LIST_EMPTY(&p->broker->watches))
		n += deliver_watching(p, f);
	frame_unref(f, 1);
	p->broker->stats.deliveries += (uint64_t)n;
	return n;
}

int
publish_retain(struct broker *b, struct topic *t, struct slice event,
    bool newline)
{
	struct frame *f = event_frame(b, t, event, newline);

	if (f == NULL)
		return -1;
	topic_retain(b, t, f);
	frame_unref(f, 1);
	return 0;
}

/*
 * An old event must not stand for a new one that could not be kept: none is
 * better.  Who publishes is refused before it comes to that; this is for what
 * handlers make.
 */
static void
publish_keep(const struct publication *p)
{
	struct broker *b = p->broker;
	bool room = topic_may_retain(b, p->topic, p->event.len);

	if (room && publish_retain(b, p->topic, p->event, p->newline) == 0) {
		b->retained_full = false;
		return;
	}
	topic_retain(b, p->topic, NULL);
	if (!b->retained_full)
		log_err("topic=%s event not retained: %s",
		    log_quote(p->topic->name).s, room ? "out of memory" :
		    "limits.retained is reached");
	b->retained_full = true;
}

void
publish_accepted(struct publication *p)
{
	bool claimed;

	p->broker->stats.events++;
	p->topic->events++;
	claimed = taps_accepted(&p->broker->taps, p->topic, p->event);
	if (!claimed && (p->retain ||
	    (p->topic->handler != NULL && p->topic->handler->retain)))
		publish_keep(p);
}

long
publish_own(struct publication *p)
{
	long delivered = publish_broadcast(p);

	if (delivered != -1)
		publish_accepted(p);
	return delivered;
}

/* Ask the handler; the type without an opinion gives it to all. */
static enum verdict
publish_ask(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	if (h->type->publish != NULL) {
		handler_stir(h);
		return h->type->publish(h, p, delivered, e);
	}
	if ((*delivered = publish_broadcast(p)) != -1)
		return VERDICT_YES;
	err_set(e, "out of memory");
	return VERDICT_NO;
}

/* Can the event be kept for later subscribers, if it is to be?  0, or -1 with
 * *e filled. */
static int
publish_check_retain(const struct publication *p, struct errbuf *e)
{
	const struct broker *b = p->broker;
	const struct tap_claim *claim = NULL;

	if (p->retain)
		claim = taps_claim(&b->taps, p->topic->name);
	if (claim != NULL)
		err_set(e, "%s is retained by itself", claim->what);
	else if ((p->retain || p->topic->handler->retain) &&
	    !topic_may_retain(b, p->topic, p->event.len))
		err_set(e, "limits.retained is reached: the event could not "
		    "be kept for later subscribers");
	else
		return 0;
	return -1;
}

enum publish_outcome
publish(struct publication *p, long *delivered, struct errbuf *e)
{
	struct broker *b = p->broker;
	struct handler *h = p->topic->handler;

	*delivered = 0;
	if (h == NULL) {
		b->stats.events_refused++;
		err_set(e, "no route matches the topic");
		return PUBLISH_NO_ROUTE;
	}
	if (p->from != NULL &&
	    handler_admit(h, p->from, p->event, e) == -1) {
		b->stats.events_refused++;
		return PUBLISH_FORBIDDEN;
	}
	if (limits_check_length(b, p->topic, p->event, e) == -1 ||
	    publish_check_retain(p, e) == -1) {
		b->stats.events_refused++;
		return PUBLISH_FORBIDDEN;
	}
	handler_log(h, p->from, "publish", p->topic->name, p->event.len);
	switch (publish_ask(h, p, delivered, e)) {
	case VERDICT_YES:
		publish_accepted(p);
		return PUBLISH_OK;
	case VERDICT_DONE:
		return PUBLISH_OK;
	case VERDICT_LATER:
		return PUBLISH_LATER;
	case VERDICT_NO:
	default:
		*delivered = 0;
		b->stats.events_refused++;
		return PUBLISH_FORBIDDEN;
	}
}
