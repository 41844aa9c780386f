/*
 * exec.c: handlers that are programs in any language, run as children.
 *
 * A child is started by the first request for it.  When it has ended, it is
 * started again after a growing delay; but if it printed nothing useful, only
 * when there is another request.  A child that gets ticks works without being
 * asked, so it is started at once and always restarted.
 *
 * A child is told everything in the order in which it happened, and may answer
 * in any order.  A topic always has the same child of the pool, so that its
 * events keep their order.  A call goes to the child with the fewest requests.
 *
 * A child that is slow, dead or broken hurts only its own topics.  The requests
 * that wait for it are bounded in number, bytes and time, and nothing it prints
 * is trusted.
 *
 * This file chooses the child.  The files, each of which calls only those above
 * it:
 *
 *	exec_message.c	what a child is told, as JSON
 *	exec_child.c	a child gets requests and news
 *	exec_log.c	log lines about a child
 *	exec_answer.c	a child's answers and their effects
 *	exec_life.c	a child is started, read and ended
 *	exec_check.c	whether the program could be started
 *	exec.c		the handler type
 *
 * wamp-exec(7) is the manual for those who write programs.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "route/declare.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/publish.h"
#include "wampd/handlers/exec_check.h"
#include "wampd/handlers/exec_child.h"
#include "wampd/handlers/exec_life.h"
#include "wampd/handlers/exec_message.h"
#include "wampd/handlers/types.h"
#include "wampd/process/child.h"

/* ---- which child ---- */

/* The child of a topic.  The hash is FNV-1a: a peer could choose topics that
 * share a child, but that slows down only those topics. */
static struct exec_child *
child_of(struct exec *x, const struct topic *t)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < t->name.len; i++)
		hash = (hash ^ (unsigned char)t->name.p[i]) * 16777619u;
	return &x->child[hash % x->n];
}

/* Whether the child is not running and must not be started yet. */
static bool
exec_is_down(const struct exec_child *c)
{
	return c->state != EXEC_RUNNING &&
	    c->start_at > c->exec->handler->broker->now;
}

/* Whether a call should rather go to a than to b: to a child that is not down,
 * else to the one with fewer requests. */
static bool
exec_is_freer(const struct exec_child *a, const struct exec_child *b)
{
	bool a_down = exec_is_down(a), b_down = exec_is_down(b);

	if (a_down != b_down)
		return b_down;
	return a->nrequests < b->nrequests;
}

static struct exec_child *
exec_freest(struct exec *x)
{
	struct exec_child *best = &x->child[0];
	size_t i;

	for (i = 1; i < x->n; i++)
		if (exec_is_freer(&x->child[i], best))
			best = &x->child[i];
	return best;
}

/* ---- the handler ---- */

/* Get ready to start children; a broker that only checks its configuration has
 * no children. */
static int
exec_prepare(const struct handler *h, struct diags *d)
{
	const struct broker *b = h->broker;
	struct errbuf e;

	if (b->children == NULL || b->children->prepare(b->children_ctx, &e) ==
	    0)
		return 0;
	diag_add(d, DIAG_ERROR, h->decl->file, h->decl->line,
	    h->decl->column, "cannot-start", "the handler \"%s\": %s",
	    h->name, e.msg);
	return -1;
}

static int
exec_init(struct handler *h, struct diags *d)
{
	struct exec *x = calloc(1, sizeof(*x));
	size_t i;

	if (exec_prepare(h, d) == -1) {
		free(x);
		return -1;
	}
	if (x != NULL) {
		x->n = (size_t)h->decl->exec.pool;
		x->child = calloc(x->n, sizeof(*x->child));
	}
	if (x == NULL || x->child == NULL) {
		free(x);
		handler_report_memory(h, d);
		return -1;
	}
	for (i = 0; i < x->n; i++) {
		x->child[i].exec = x;
		x->child[i].state = h->decl->exec.tick > 0 ? EXEC_DUE :
		    EXEC_IDLE;
		TAILQ_INIT(&x->child[i].requests);
	}
	exec_check(h->decl, d);
	x->handler = h;
	h->state = x;
	return 0;
}

static void
exec_free(struct handler *h)
{
	struct exec *x = h->state;
	size_t i;

	for (i = 0; i < x->n; i++)
		exec_life_clear(&x->child[i]);
	buf_clear(&x->line);
	buf_clear(&x->text);
	buf_clear(&x->uri);
	free(x->child);
	free(x);
}

/* Let the children of x, and what they have been asked, belong to h. */
static void
exec_adopt(struct exec *x, struct handler *h)
{
	struct request *r;
	size_t i;

	x->handler = h;
	h->state = x;
	for (i = 0; i < x->n; i++)
		TAILQ_FOREACH(r, &x->child[i].requests, link)
			request_move(r, h);
}

/* The children keep running.  The old handler gets those that were never
 * started, and must not start them. */
static void
exec_inherit(struct handler *h, struct handler *before)
{
	struct exec *fresh = h->state;
	size_t i;

	exec_adopt(before->state, h);
	for (i = 0; i < fresh->n; i++)
		fresh->child[i].state = EXEC_IDLE;
	exec_adopt(fresh, before);
}

static enum verdict
exec_subscribe(struct handler *h, struct topic *t, struct session *s,
    struct errbuf *e)
{
	struct exec_child *c = child_of(h->state, t);
	struct exec_message m = {
		.type = "subscribe", .session = s, .topic = t
	};

	if (!exec_child_has_room(c, 0, e))
		return VERDICT_NO;
	return exec_child_ask(c, request_subscribe(h, t, s), &m, e);
}

static enum verdict
exec_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	struct exec_child *c = child_of(h->state, p->topic);
	struct exec_message m = {
		.type = "publish", .session = p->from, .topic = p->topic,
		.key = "event", .value = p->event
	};

	(void)delivered;
	if (!exec_child_has_room(c, p->event.len, e))
		return VERDICT_NO;
	return exec_child_ask(c, request_publish(h, p), &m, e);
}

static enum verdict
exec_call(struct handler *h, struct call *call)
{
	struct exec_child *c = exec_freest(h->state);
	struct exec_message m = {
		.type = "call", .session = call->to.session,
		.topic = call->topic, .key = "args", .value = call->args_json
	};

	if (!exec_child_has_room(c, call->args_json.len, &call->failure.reason))
		return VERDICT_NO;
	return exec_child_ask(c, request_call(h, call), &m,
	    &call->failure.reason);
}

static enum verdict
exec_may(struct handler *h, enum declare_action action,
    const struct topic *t, const struct principal *p, struct errbuf *e)
{
	(void)h;
	(void)action;
	(void)t;
	(void)p;
	(void)e;
	return VERDICT_LATER;
}

static void
exec_left(struct handler *h, struct topic *t, struct session *s)
{
	exec_child_tell_left(child_of(h->state, t), t, s);
}

static void
exec_tell_all(struct handler *h, const char *type, struct session *s)
{
	const struct exec_message m = { .type = type, .session = s };
	struct exec *x = h->state;
	size_t i;

	for (i = 0; i < x->n; i++)
		exec_child_tell(&x->child[i], &m);
}

static void
exec_opened(struct handler *h, struct session *s)
{
	exec_tell_all(h, "open", s);
}

static void
exec_closed(struct handler *h, struct session *s)
{
	exec_tell_all(h, "close", s);
}

static int64_t
exec_tick(struct handler *h)
{
	int64_t due, soonest = INT64_MAX, now = h->broker->now;
	struct exec *x = h->state;
	size_t i;

	for (i = 0; i < x->n; i++) {
		exec_life_watch(&x->child[i]);
		if ((due = exec_life_due(&x->child[i])) < soonest)
			soonest = due;
	}
	if (soonest == INT64_MAX)
		return -1;
	return clock_left(soonest, now);
}

static int
exec_describe(const struct handler *h, struct buf *out)
{
	const struct exec *x = h->state;
	size_t i, running = 0;

	for (i = 0; i < x->n; i++)
		running += x->child[i].state == EXEC_RUNNING;
	return buf_addf(out, ",\"waiting\":%zu,\"processes\":%zu,"
	    "\"starts\":%" PRIu64, x->nrequests, running, x->starts);
}

const struct handler_type handler_exec = {
	.name = "exec",
	.init = exec_init,
	.free = exec_free,
	.subscribe = exec_subscribe,
	.left = exec_left,
	.publish = exec_publish,
	.call = exec_call,
	.may = exec_may,
	.opened = exec_opened,
	.closed = exec_closed,
	.inherit = exec_inherit,
	.tick = exec_tick,
	.describe = exec_describe,
};
