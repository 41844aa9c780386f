/*
 * request.c: a SUBSCRIBE, PUBLISH or CALL that its handler decides later.
 */
#include "wampd/core/request.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/procedure.h"
#include "wampd/core/publish.h"
#include "wampd/wamp1/dispatch.h"

#define ANSWER_BESIDE	16	/* bytes of [3,,[]] and [4,,"","",] */

/* ---- taking over ---- */

static struct request *
request_new(struct handler *h, enum request_kind kind, struct session *s)
{
	struct extra *x = NULL;
	struct request *r;

	if (s != NULL && (x = extra_obtain(s)) == NULL)
		return NULL;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return NULL;
	r->kind = kind;
	r->handler = h;
	r->session = s;
	r->id = ++h->broker->next_request;
	r->since = h->broker->now;
	if (x != NULL)
		TAILQ_INSERT_TAIL(&x->requests, r, session_link);
	return r;
}

static void
request_free(struct request *r)
{
	if (r->session != NULL)
		TAILQ_REMOVE(&r->session->extra->requests, r, session_link);
	buf_clear(&r->text);
	free(r);
}

/* Copy slices one behind the other into r->text and let them point there. */
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
	r->exclude = p->exclude;
	r->exclude_list = p->exclude_list;
	r->has_eligible = p->has_eligible;
	r->eligible = p->eligible;
	r->index = p->index;
	kept[0] = &r->uri;
	kept[1] = &r->call_id;
	kept[2] = &r->event;
	kept[3] = &r->exclude_list;
	kept[4] = &r->eligible;
	return request_keep(r, kept, 5);
}

struct request *
request_call(struct handler *h, const struct call *c)
{
	struct request *r = request_new(h, REQUEST_CALL, c->caller);
	struct slice *kept[3];

	if (r == NULL)
		return NULL;
	r->uri = c->topic->name;
	r->call_id = c->id;
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
		.topic = topic_obtain(b, r->uri),
		.event = r->event,
		.newline = r->newline,
		.retain = r->retain,
		.exclude = r->exclude,
		.exclude_list = r->exclude_list,
		.has_eligible = r->has_eligible,
		.eligible = r->eligible,
	};
	return p->topic != NULL;
}

/* ---- ends ---- */

/* Free it; the session may have waited for just this one. */
static void
request_end(struct request *r)
{
	struct session *s = r->session;

	request_free(r);
	if (s != NULL) {
		procedure_release_barriers(s);
		session_settle(s);
	}
}

void
request_grant(struct request *r)
{
	struct session *s = r->session;
	struct errbuf e;
	struct topic *t;

	if (s == NULL || s->state != SESSION_OPEN || r->cancelled)
		;	/* nobody waits for it any more */
	else if ((t = topic_obtain(s->broker, r->uri)) == NULL)
		session_doom(s, 0, "out of memory");
	else if (dispatch_room(s, &e) == -1)
		/* The others that were granted meanwhile used it up. */
		dispatch_refuse_subscribe(s, t, PUBLISH_FORBIDDEN, &e);
	else
		dispatch_join(s, t);
	request_end(r);
}

/* What became of a publication, for who published it: its caller, or the next
 * barrier. */
static void
request_published(struct request *r, enum publish_outcome outcome,
    long delivered, const struct errbuf *e)
{
	struct session *s = r->session;
	struct topic *t;

	if (s == NULL || s->state != SESSION_OPEN) {
		request_end(r);
		return;
	}
	if (r->call_id.len > 0) {
		procedure_published(s, r->call_id, &r->result, outcome,
		    delivered, e);
	} else if ((t = topic_obtain(s->broker, r->uri)) == NULL ||
	    tally_count(s, t->name, r->index, outcome, delivered, e) == -1) {
		session_doom(s, 0, "out of memory");
	} else if (outcome != PUBLISH_OK) {
		dispatch_refuse(s, t, "publish", outcome, e);
	}
	request_end(r);
}

void
request_delivered(struct request *r, long delivered)
{
	request_published(r, PUBLISH_OK, delivered, NULL);
}

void
request_exceeds(struct request *r, const struct errbuf *e)
{
	struct errbuf reason = *e;

	handler_exceeds(r->handler, r->uri, &reason);
	request_refuse(r, NULL, reason.msg, slice_of(NULL, 0));
}

void
request_result(struct request *r, struct slice result)
{
	struct session *s = r->session;
	struct errbuf e;

	if (limits_check(r->handler->broker, "a result", result,
	    r->call_id.len + ANSWER_BESIDE, &e) == -1) {
		request_exceeds(r, &e);
		return;
	}
	if (s != NULL && s->state == SESSION_OPEN)
		procedure_result(s, r->call_id, r->uri, result);
	request_end(r);
}

void
request_refuse(struct request *r, const char *uri, const char *reason,
    struct slice details)
{
	struct session *s = r->session;
	struct errbuf e;
	struct topic *t;

	if (r->kind == REQUEST_CALL && limits_check(r->handler->broker,
	    "an error", details, strlen(reason) + r->call_id.len +
	    (uri != NULL ? strlen(uri) : r->uri.len) + ANSWER_BESIDE, &e) ==
	    -1) {
		handler_exceeds(r->handler, r->uri, &e);
		reason = e.msg;
		uri = NULL;
		details = slice_of(NULL, 0);
	}
	switch (r->kind) {
	case REQUEST_PUBLISH:
		err_set(&e, "%s", reason);
		r->handler->broker->stats.events_refused++;
		request_published(r, PUBLISH_FORBIDDEN, 0, &e);
		return;
	case REQUEST_SUBSCRIBE:
		if (s != NULL && s->state == SESSION_OPEN &&
		    (t = topic_obtain(s->broker, r->uri)) != NULL) {
			err_set(&e, "%s", reason);
			dispatch_refuse_subscribe(s, t, PUBLISH_FORBIDDEN,
			    &e);
		}
		break;
	case REQUEST_CALL:
	default:
		if (s != NULL && s->state == SESSION_OPEN)
			procedure_failed(s, r->call_id, r->uri, uri, reason,
			    details);
		break;
	}
	request_end(r);
}

/* ---- the session's side ---- */

struct request *
request_find_subscribe(struct session *s, struct slice uri)
{
	struct request *r;

	if (s->extra == NULL)
		return NULL;
	TAILQ_FOREACH(r, &s->extra->requests, session_link)
		if (r->kind == REQUEST_SUBSCRIBE && !r->cancelled &&
		    slice_eq(r->uri, uri))
			return r;
	return NULL;
}

void
request_forget(struct session *s)
{
	struct request *r;

	while ((r = TAILQ_FIRST(&s->extra->requests)) != NULL) {
		TAILQ_REMOVE(&s->extra->requests, r, session_link);
		r->session = NULL;
	}
}
