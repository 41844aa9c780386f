/*
 * request.c: a SUBSCRIBE, PUBLISH or CALL that its handler decides later.
 */
#include "wampd/core/request.h"

#include <stdlib.h>

#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"

#define ACCOUNT_SHARE	4	/* requests may have 1/4 of an account */

/* ---- how many a session has ---- */

const struct request_load *
request_load(const struct session *s)
{
	static const struct request_load none;

	return s->ledger != NULL ? &s->ledger->load : &none;
}

size_t
request_count(const struct session *s)
{
	size_t n = request_load(s)->n;

	return s->source != NULL && s->source->requests > n ?
	    s->source->requests : n;
}

void
request_hold(struct session *s)
{
	struct request_load *l = &s->ledger->load;

	l->low_n = l->n / 2;
	l->low_bytes = l->bytes / 2;
	pause_session(&l->hold, s);
}

/* r is complete: charge its session. */
static void
load_add(struct request *r)
{
	struct session *s = r->session;
	const struct broker_settings *set = &r->handler->broker->set;
	struct request_load *l = &s->ledger->load;

	r->cost = sizeof(*r) + r->text.len;
	account_charge(s, r->cost);
	l->n++;
	l->bytes += r->cost;
	if ((r->source = s->source) != NULL)
		source_ask(r->source);
	if (l->n < (size_t)set->limit_requests &&
	    l->bytes <= set->limit_memory_session / ACCOUNT_SHARE)
		return;
	if (s->paused_by == NULL)
		s->broker->stats.limited_requests++;
	request_hold(s);
}

/* r ends: let its session go on if it has waited for that. */
static void
load_remove(const struct request *r)
{
	struct request_load *l = &r->session->ledger->load;

	if (r->cost == 0)
		return;
	account_refund(r->session, r->cost);
	l->n--;
	l->bytes -= r->cost;
	if (l->n <= l->low_n && l->bytes <= l->low_bytes)
		pause_end(&l->hold);
}

/* ---- making one ---- */

static struct request *
request_new(struct handler *h, enum request_kind kind, struct session *s)
{
	struct ledger *x = NULL;
	struct request *r;

	if (s != NULL && (x = ledger_obtain(s)) == NULL)
		return NULL;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return NULL;
	r->kind = kind;
	r->handler = h;
	generation_hold(h->generation);
	r->session = s;
	r->id = ++h->broker->next_request;
	r->since = h->broker->now;
	if (x != NULL)
		TAILQ_INSERT_TAIL(&x->requests, r, session_link);
	return r;
}

void
request_free(struct request *r)
{
	if (r->session != NULL) {
		TAILQ_REMOVE(&r->session->ledger->requests, r, session_link);
		load_remove(r);
	}
	if (r->source != NULL)
		source_answered(&r->handler->broker->sources, r->source);
	generation_release(r->handler->generation);
	buf_clear(&r->text);
	free(r);
}

/* Copy the slices into r->text, one behind the other, and let them point
 * there.  Returns r; frees it and returns NULL when out of memory. */
static struct request *
request_keep(struct request *r, struct slice **v, size_t n)
{
	size_t i, at = 0;

	for (i = 0; i < n; i++)
		if (buf_add_slice(&r->text, *v[i]) == -1) {
			request_free(r);
			return NULL;
		}
	for (i = 0; i < n; i++) {
		v[i]->p = v[i]->len > 0 ? r->text.data + at : NULL;
		at += v[i]->len;
	}
	if (r->session != NULL)
		load_add(r);
	return r;
}

struct request *
request_subscribe(struct handler *h, struct topic *t, struct session *s)
{
	struct request *r = request_new(h, REQUEST_SUBSCRIBE, s);
	struct slice *kept[1];

	if (r == NULL)
		return NULL;
	r->uri = t->name;
	kept[0] = &r->uri;
	return request_keep(r, kept, 1);
}

struct request *
request_publish(struct handler *h, const struct publication *p)
{
	struct request *r = request_new(h, REQUEST_PUBLISH, p->from);
	struct slice *kept[5];

	if (r == NULL)
		return NULL;
	r->uri = p->topic->name;
	r->call_id = p->call_id;
	r->result = p->result;
	r->event = p->event;
	r->newline = p->newline;
	r->retain = p->retain;
	r->retain_for = p->retain_for;
	r->to = p->to;
	r->index = p->index;
	kept[0] = &r->uri;
	kept[1] = &r->call_id;
	kept[2] = &r->event;
	kept[3] = &r->to.exclude;
	kept[4] = &r->to.eligible;
	return request_keep(r, kept, 5);
}

struct request *
request_call(struct handler *h, const struct call *c)
{
	struct request *r = request_new(h, REQUEST_CALL, c->to.session);
	struct slice *kept[3];

	if (r == NULL)
		return NULL;
	r->uri = c->topic->name;
	r->call_id = c->to.id;
	r->args = c->args_json;
	kept[0] = &r->uri;
	kept[1] = &r->call_id;
	kept[2] = &r->args;
	return request_keep(r, kept, 3);
}

bool
request_publication(const struct request *r, struct publication *p)
{
	struct broker *b = r->handler->broker;

	*p = (struct publication){
		.broker = b,
		.from = r->session,
		.topic = topic_obtain(&b->topics, r->uri),
		.event = r->event,
		.newline = r->newline,
		.retain = r->retain,
		.retain_for = r->retain_for,
		.to = r->to,
	};
	return p->topic != NULL;
}

void
request_move(struct request *r, struct handler *h)
{
	generation_hold(h->generation);
	generation_release(r->handler->generation);
	r->handler = h;
}

/* ---- the session's side ---- */

struct request *
request_find_subscribe(struct session *s, struct slice uri)
{
	struct request *r;

	if (s->ledger == NULL)
		return NULL;
	TAILQ_FOREACH(r, &s->ledger->requests, session_link)
		if (r->kind == REQUEST_SUBSCRIBE && !r->cancelled &&
		    slice_eq(r->uri, uri))
			return r;
	return NULL;
}

void
request_forget(struct session *s)
{
	struct request *r;

	while (s->ledger != NULL &&
	    (r = TAILQ_FIRST(&s->ledger->requests)) != NULL) {
		TAILQ_REMOVE(&s->ledger->requests, r, session_link);
		r->session = NULL;
	}
}
