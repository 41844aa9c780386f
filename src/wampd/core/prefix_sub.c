/*
 * prefix_sub.c: subscriptions to all topics whose name has a prefix.
 */
#include "wampd/core/prefix_sub.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/reply.h"
#include "wampd/core/retained.h"
#include "wampd/core/sub.h"

static void
prefix_sub_drop_events(struct prefix_sub *w)
{
	while (w->sent < w->n)
		event_unref(w->events[w->sent++].event);
	free(w->events);
	w->events = NULL;
	w->n = w->cap = w->sent = 0;
	buf_clear(&w->names);
}

static void
prefix_sub_free(struct prefix_sub *w)
{
	if (w == NULL)
		return;
	prefix_sub_drop_events(w);
	buf_clear(&w->prefix);
	buf_clear(&w->call_id);
	free(w);
}

/* ---- who gets which events ---- */

bool
prefix_sub_covers(const struct broker *b, struct slice name,
    const struct session *s)
{
	const struct prefix_sub *w;

	LIST_FOREACH(w, &b->prefix_subs, link)
		if (w->session == s && prefix_sub_matches(w, name))
			return true;
	return false;
}

bool
prefix_sub_hears(struct broker *b, struct topic *t, struct session *s)
{
	return sub_exists(&b->topics, t, s) || prefix_sub_covers(b, t->name, s);
}

size_t
prefix_sub_count(struct broker *b, struct slice name)
{
	const struct prefix_sub *w;
	uint32_t mark;
	size_t n = 0;

	if (LIST_EMPTY(&b->prefix_subs))
		return 0;
	mark = sessions_mark(&b->sessions);
	LIST_FOREACH(w, &b->prefix_subs, link)
		if (w->session->mark != mark &&
		    prefix_sub_matches(w, name)) {
			w->session->mark = mark;
			n++;
		}
	return n;
}

/* ---- retained events ---- */

static int
prefix_sub_keep(struct prefix_sub *w, const struct topic *t)
{
	struct prefix_event *grown;
	size_t cap = w->cap > 0 ? w->cap * 2 : 16;

	if (w->n == w->cap) {
		grown = realloc(w->events, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		w->events = grown;
		w->cap = cap;
	}
	w->events[w->n] = (struct prefix_event){ t->retained, w->names.len,
	    t->name.len };
	if (buf_add_slice(&w->names, t->name) == -1)
		return -1;
	t->retained->refs++;
	w->n++;
	return 0;
}

/* Keep the events of all topics with the prefix.  Those of topics that the
 * session is subscribed to already were sent to it before. */
static int
prefix_sub_keep_all(struct broker *b, struct prefix_sub *w)
{
	struct slice prefix = buf_slice(&w->prefix);
	struct topic *t;
	size_t pos = 0;

	while ((t = map_next(&b->topics.by_name, &pos)) != NULL)
		if (t->retained != NULL && slice_starts(t->name, prefix) &&
		    !prefix_sub_hears(b, t, w->session) &&
		    prefix_sub_keep(w, t) == -1)
			return -1;
	return 0;
}

/* The topic that still retains the event.  NULL: another event has replaced it,
 * and was sent to the session when it was published. */
static const struct topic *
prefix_sub_holder(struct broker *b, const struct prefix_sub *w,
    const struct prefix_event *ev)
{
	const struct topic *t = topic_find(&b->topics,
	    slice_of(w->names.data + ev->name, ev->len));

	return t != NULL && t->retained != NULL && t->retained == ev->event ?
	    t : NULL;
}

static void
prefix_sub_send_next(struct broker *b, struct prefix_sub *w)
{
	const struct prefix_event *ev = &w->events[w->sent++];
	const struct topic *t = prefix_sub_holder(b, w, ev);

	if (t != NULL)
		retained_send(w->session, t, ev->event);
	event_unref(ev->event);
}

void
prefix_subs_trim(struct broker *b)
{
	struct prefix_sub *w;
	size_t i;

	LIST_FOREACH(w, &b->prefix_subs, link)
		for (i = w->sent; i < w->n; i++)
			if (prefix_sub_holder(b, w, &w->events[i]) == NULL) {
				event_unref(w->events[i].event);
				w->events[i].event = NULL;
			}
}

/* Send events as long as the session's queue is short: all retained events may
 * be far more than the queue may have. */
static void
prefix_sub_continue(struct broker *b, struct prefix_sub *w)
{
	struct session *s = w->session;
	struct reply_to to = { .session = s, .id = buf_slice(&w->call_id) };

	while (w->sent < w->n && s->state == SESSION_OPEN) {
		if (s->queue.bytes > b->set.limit_queue / 4) {
			session_flush(s);
			if (s->queue.bytes > b->set.limit_queue / 4)
				return;
		}
		prefix_sub_send_next(b, w);
	}
	prefix_sub_drop_events(w);
	if (s->state == SESSION_OPEN)
		reply_done(&to);
	buf_clear(&w->call_id);
}

void
prefix_subs_continue(struct broker *b)
{
	struct prefix_sub *w;

	LIST_FOREACH(w, &b->prefix_subs, link)
		if (w->call_id.len > 0)
			prefix_sub_continue(b, w);
}

/* ---- beginning and ending ---- */

size_t
prefix_sub_cost(struct slice prefix)
{
	return sizeof(struct prefix_sub) + prefix.len;
}

static struct prefix_sub *
prefix_sub_new(struct broker *b, struct session *s, struct slice prefix,
    struct slice call_id)
{
	struct prefix_sub *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->session = s;
	if (buf_add_slice(&w->prefix, prefix) == -1 ||
	    buf_add_slice(&w->call_id, call_id) == -1 ||
	    prefix_sub_keep_all(b, w) == -1) {
		prefix_sub_free(w);
		return NULL;
	}
	LIST_INSERT_HEAD(&b->prefix_subs, w, link);
	b->nprefix_subs++;
	s->nsubs++;
	account_charge(s, prefix_sub_cost(prefix));
	return w;
}

bool
prefix_sub_exists(const struct broker *b, const struct session *s,
    struct slice prefix)
{
	const struct prefix_sub *w;

	LIST_FOREACH(w, &b->prefix_subs, link)
		if (w->session == s && slice_eq(buf_slice(&w->prefix), prefix))
			return true;
	return false;
}

int
prefix_sub_begin(const struct reply_to *to, struct slice prefix)
{
	struct broker *b = to->session->broker;
	struct prefix_sub *w = prefix_sub_new(b, to->session, prefix, to->id);

	if (w == NULL)
		return -1;
	if (session_log_on(to->session, LOG_LEVEL_DEBUG))
		log_always(LOG_LEVEL_DEBUG, "session=%s subscribe prefix=%s",
		    to->session->id, log_quote(prefix).s);
	watch_tell_prefix(&b->watch, WATCH_SUBSCRIPTION_OPEN, to->session,
	    prefix);
	prefix_sub_continue(b, w);
	return 0;
}

void
prefix_subs_end(struct session *s)
{
	struct prefix_sub *w, *next;

	for (w = LIST_FIRST(&s->broker->prefix_subs); w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (w->session != s)
			continue;
		LIST_REMOVE(w, link);
		w->session->broker->nprefix_subs--;
		s->nsubs--;
		account_refund(s, prefix_sub_cost(buf_slice(&w->prefix)));
		watch_tell_prefix(&s->broker->watch, WATCH_SUBSCRIPTION_CLOSE,
		    s, buf_slice(&w->prefix));
		prefix_sub_free(w);
	}
}
