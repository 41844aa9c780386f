/*
 * jq.c: handlers that are programs in jq's language.
 *
 * The input of a program is {session, topic, route, attributes, event | args}.
 * `subscribe` allows with any output except null and false.  `publish` outputs
 * the events to publish, {event, topic, exclude, eligible}, or true for the
 * event as it came.  `call` outputs the result.  The first two may also output
 * {attributes}, which are noted for the session.  If a program fails, only that
 * request is refused.
 *
 * Programs run in processes of their own (jq_pool.h), so a request is decided
 * later (jq_outcome.c).
 */
#include <stdlib.h>
#include <string.h>

#include "route/declare.h"
#include "route/diag.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"
#include "wampd/core/publish.h"
#include "wampd/core/request.h"
#include "wampd/core/shared.h"
#include "wampd/handlers/jq_check.h"
#include "wampd/handlers/jq_outcome.h"
#include "wampd/handlers/jq_pool.h"
#include "wampd/handlers/program_view.h"
#include "wampd/handlers/types.h"

#define JQ_STALE_MAX	2	/* times that a request is asked again because
				 * it has seen old notes */

struct jq_handler {
	uint32_t program[DECLARE_ACTIONS];	/* id; 0: none */
	struct buf route, session;		/* scratch: parts of a run */
};

/* ---- life ---- */

static void
jq_handler_free(struct handler *h)
{
	struct jq_pool *pool = shared_find(h->broker, h->type);
	struct jq_handler *j = h->state;
	int action;

	if (j == NULL)
		return;
	/* When the broker ends, the pool goes before its handlers. */
	for (action = 0; pool != NULL && action < DECLARE_ACTIONS; action++)
		if (j->program[action] != 0)
			jq_pool_drop_program(pool, j->program[action]);
	buf_clear(&j->route);
	buf_clear(&j->session);
	free(j);
}

/* Compile the program of an action, if it has one. */
static int
jq_compile(struct handler *h, struct jq_handler *j,
    enum declare_action action, struct diags *d)
{
	const struct declare_right *right = &h->decl->rights[action];
	struct jq_answer at;
	struct errbuf e;

	if (right->program == NULL)
		return 0;
	j->program[action] = jq_pool_add_program(h->shared,
	    right->program, h->decl->timeout, &at, &e);
	if (j->program[action] != 0)
		return 0;
	jq_check_report(h->decl, action, &at, &e, d);
	return -1;
}

static int
jq_handler_init(struct handler *h, struct diags *d)
{
	struct jq_handler *j = calloc(1, sizeof(*j));
	int action, rc = 0;

	if (j == NULL) {
		handler_report_memory(h, d);
		return -1;
	}
	h->state = j;
	for (action = 0; action < DECLARE_ACTIONS; action++)
		if (jq_compile(h, j, (enum declare_action)action, d) == -1)
			rc = -1;
	if (rc == -1)
		jq_handler_free(h);
	else
		h->calls = j->program[DECLARE_CALL] != 0;
	return rc;
}

/* ---- asking ---- */

/*
 * Whether a job has seen attributes that have changed since, and must be asked
 * again.  Either an earlier request of its session has noted something before
 * we knew that such requests do, or another session's request has; that is
 * repeated only a few times.  The rest of its group has seen the same
 * attributes.
 */
static bool
jq_is_stale(struct jq_job *job)
{
	const struct session *s = job->request->session;
	struct jq_lane *l = job->lane;
	uint32_t saw = job->follows ? l->version : job->version;

	if (s != NULL && s->state == SESSION_OPEN &&
	    saw != s->ledger->version && job->stale < JQ_STALE_MAX) {
		job->stale++;
		l->broken = true;
		return true;
	}
	if (job->follows)
		return l->broken;
	l->broken = false;
	l->version = job->version;
	return false;
}

/* The session as programs see it; if it has left, as it was then. */
static int
add_session(struct buf *out, const struct jq_job *job)
{
	const struct jq_lane *l = job->lane;

	buf_reset(out);
	if (job->follows)
		return buf_add_str(out, "null");	/* the worker has it */
	if (l->session != NULL || l->who.len == 0)
		return program_view_session(job->request->session, out);
	if (buf_add_slice(out, buf_slice(&l->who)) == -1 ||
	    buf_add_slice(out, buf_slice(&l->attributes)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* Where the attributes begin in that text; 0 if the worker need not know. */
static size_t
attributes_at(const struct jq_job *job, const struct buf *session)
{
	const struct jq_lane *l = job->lane;

	if (!l->notes || (l->session == NULL && l->who.len == 0))
		return 0;
	if (job->follows)
		return 1;
	return l->session == NULL ? l->who.len : session->len - 1 -
	    ledger_attributes(l->session).len;
}

/* Remember the input of this run, and mark the parts that are the same as in
 * the last run.  0 or -1. */
static int
seen_update(struct jq_seen *seen, const struct jq_job *job,
    struct jq_part *topic, struct jq_part *session)
{
	const struct session *s = job->request->session;
	struct slice uri = job->request->uri;
	/* The worker does not keep the last part of a run.  For a subscription
	 * that is the session. */
	bool kept = s != NULL && !job->lane->notes &&
	    job->request->kind != REQUEST_SUBSCRIBE;

	session->same = seen->valid && kept && seen->version == job->version &&
	    memcmp(seen->session, s->id, sizeof(s->id)) == 0;
	topic->same = seen->valid && slice_eq(buf_slice(&seen->topic), uri);
	seen->valid = true;
	seen->session[0] = '\0';
	if (kept)
		memcpy(seen->session, s->id, sizeof(s->id));
	seen->version = job->version;
	buf_reset(&seen->topic);
	return buf_add_slice(&seen->topic, uri);
}

/* Add the run that decides a request to the worker's input. */
static int
add_run(const struct jq_job *job, struct jq_worker *w, struct jq_seen *seen,
    const struct topic *t, struct buf *route, struct buf *session)
{
	const struct request *r = job->request;
	const struct broker *b = r->handler->broker;
	struct jq_order order = { .program = job->program,
		.max = b->set.limit_message * JQ_GROWTH };
	struct jq_part v[5] = {
		{ JQ_TOPIC, t->json, false },
		{ JQ_ROUTE, slice_of(NULL, 0), false },
		{ JQ_ATTRIBUTES, t->attributes, false },
		{ JQ_SESSION, slice_of(NULL, 0), false },
		{ JQ_EVENT, r->event, false },
	};

	if (seen_update(seen, job, &v[0], &v[3]) == -1 ||
	    (!v[0].same && program_view_route(t, route) == -1) ||
	    (!v[3].same && add_session(session, job) == -1))
		return -1;
	v[1].same = v[2].same = v[0].same;
	v[1].text = buf_slice(route);
	v[3].text = buf_slice(session);
	order.noted = (uint32_t)attributes_at(job, session);
	order.notes_max = ATTRIBUTES_MAX;
	order.follow = job->follows;
	switch (r->kind) {
	case REQUEST_PUBLISH:
		order.parts = 1u << JQ_EVENT | 1u << JQ_TOPIC |
		    1u << JQ_EXCLUDE | 1u << JQ_ELIGIBLE |
		    1u << JQ_ATTRIBUTES;
		order.most = JQ_EVENTS_MAX;
		order.refer = 1;
		return jq_worker_add_run(w, job->seq, &order, v, 5);
	case REQUEST_CALL:
		order.first = 1;
		v[4] = (struct jq_part){ JQ_ARGS, r->args, false };
		return jq_worker_add_run(w, job->seq, &order, v, 5);
	case REQUEST_SUBSCRIBE:
	default:
		order.first = 1;
		order.parts = 1u << JQ_ATTRIBUTES;
		return jq_worker_add_run(w, job->seq, &order, v, 4);
	}
}

static int
jq_ask(struct jq_job *job, struct jq_worker *w, struct jq_seen *seen)
{
	const struct request *r = job->request;
	struct jq_handler *j = r->handler->state;
	const struct topic *t = topic_obtain(&r->handler->broker->topics,
	    r->uri);
	int rc = -1;

	job->version = r->session != NULL ? r->session->ledger->version : 0;
	buf_reset(&j->route);
	if (t != NULL)
		rc = add_run(job, w, seen, t, &j->route, &j->session);
	if (rc == -1)
		seen->valid = false;
	return rc;
}

static enum verdict
jq_decide(struct handler *h, struct request *r, enum declare_action action,
    struct errbuf *e)
{
	struct jq_handler *j = h->state;

	return jq_pool_ask(h->shared, r, j->program[action], e);
}

static enum verdict
jq_subscribe(struct handler *h, struct topic *t, struct session *s,
    struct errbuf *e)
{
	const struct jq_handler *j = h->state;

	if (j->program[DECLARE_SUBSCRIBE] == 0)
		return VERDICT_YES;
	if (!jq_pool_has_room(h->shared, t->name.len, e))
		return VERDICT_NO;
	return jq_decide(h, request_subscribe(h, t, s), DECLARE_SUBSCRIBE, e);
}

static enum verdict
jq_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	const struct jq_handler *j = h->state;

	if (j->program[DECLARE_PUBLISH] == 0)
		return publish_as_it_came(p, delivered, e);
	if (!jq_pool_has_room(h->shared, p->event.len, e))
		return VERDICT_NO;
	return jq_decide(h, request_publish(h, p), DECLARE_PUBLISH, e);
}

static enum verdict
jq_call(struct handler *h, struct call *c)
{
	if (!jq_pool_has_room(h->shared, c->args_json.len,
	    &c->failure.reason))
		return VERDICT_NO;
	return jq_decide(h, request_call(h, c), DECLARE_CALL,
	    &c->failure.reason);
}

static enum verdict
jq_may(struct handler *h, enum declare_action action, const struct topic *t,
    const struct principal *p, struct errbuf *e)
{
	const struct jq_handler *j = h->state;

	(void)t;
	(void)p;
	(void)e;
	return j->program[action] != 0 ? VERDICT_LATER : VERDICT_YES;
}

/* ---- the pool, which all jq handlers share ---- */

static void *
jq_make(struct broker *b)
{
	static const struct jq_pool_ops ops = {
		.ask = jq_ask,
		.value = jq_outcome_value,
		.done = jq_outcome_done,
		.lost = jq_outcome_lost,
		.is_stale = jq_is_stale,
	};

	return jq_pool_new(b, &ops);
}

static void
jq_flush(void *pool)
{
	jq_pool_flush(pool);
}

static int64_t
jq_tick(void *pool)
{
	return jq_pool_tick(pool);
}

static void
jq_close(void *pool)
{
	jq_pool_close(pool);
}

static void
jq_free(void *pool)
{
	jq_pool_free(pool);
}

static const struct shared_ops jq_shared = {
	.make = jq_make,
	.flush = jq_flush,
	.tick = jq_tick,
	.close = jq_close,
	.free = jq_free,
};

const struct handler_type handler_jq = {
	.name = "jq",
	.shared = &jq_shared,
	.check = &jq_check,
	.init = jq_handler_init,
	.free = jq_handler_free,
	.subscribe = jq_subscribe,
	.publish = jq_publish,
	.call = jq_call,
	.may = jq_may,
};
