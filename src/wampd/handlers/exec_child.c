/*
 * exec_child.c: a child of an exec handler, and the messages to it.
 */
#include "wampd/handlers/exec_child.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "route/declare.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/handlers/exec_message.h"
#include "wampd/process/child.h"

#define EXEC_WAITING_MAX (8u << 20)	/* bytes that the child has not read;
					 * beyond it, requests are refused */
#define EXEC_UNREAD_MAX	(16u << 20)	/* the same; beyond it, the child is
					 * ended */
#define EXEC_KEPT_MAX	(16u << 20)	/* bytes of the requests that a handler
					 * has not decided */
/* A session that has more than 1/EXEC_SHARE of what is free is not read from.
 * So there is always room for others: n sessions that ask without end have
 * n/(n + EXEC_SHARE) of it. */
#define EXEC_SHARE	8
#define EXEC_LARGE	2	/* a request may take 1/EXEC_LARGE of what is
				 * free, so that there is room for small ones */

const struct declare_exec *
exec_child_declared(const struct exec_child *c)
{
	return &c->exec->handler->decl->exec;
}

const struct child_ops *
exec_child_ops(const struct exec_child *c)
{
	return c->exec->handler->broker->children;
}

/* ---- requests ---- */

/* Bytes that the child has not read yet. */
static size_t
child_waiting(const struct exec_child *c)
{
	if (c->state == EXEC_RUNNING)
		return exec_child_ops(c)->send(c->process, SLICE(""));
	return c->backlog.len;
}

/* What is left of max bytes. */
static size_t
bytes_left(size_t max, size_t used)
{
	return used < max ? max - used : 0;
}

/* Whether the session has more than its share of what is free.  Those of one
 * address share it: coming back brings no new share. */
static bool
has_large_share(const struct exec_child *c, const struct session *s)
{
	const struct exec *x = c->exec;
	const struct request_load *l = request_load(s);
	size_t queue = (size_t)exec_child_declared(c)->queue;
	size_t unread = bytes_left(EXEC_WAITING_MAX, child_waiting(c));
	size_t kept = bytes_left(EXEC_KEPT_MAX, x->kept);

	return request_count(s) > bytes_left(queue, x->nrequests) /
	    EXEC_SHARE ||
	    l->bytes > (unread < kept ? unread : kept) / EXEC_SHARE;
}

void
exec_child_take(struct exec_child *c, struct request *r)
{
	TAILQ_REMOVE(&c->requests, r, link);
	c->nrequests--;
	c->exec->nrequests--;
	c->exec->kept -= r->text.len;
}

void
exec_child_refuse_all(struct exec_child *c, const char *reason)
{
	struct request *r;

	while ((r = TAILQ_FIRST(&c->requests)) != NULL) {
		exec_child_take(c, r);
		decide_refuse(r, NULL, reason, slice_of(NULL, 0));
	}
}

/* Whether a request of len bytes fits; one of any size does where nothing
 * is. */
static bool
bytes_fit(size_t max, size_t used, size_t len)
{
	return used == 0 || len <= bytes_left(max, used) / EXEC_LARGE;
}

bool
exec_child_has_room(const struct exec_child *c, size_t len, struct errbuf *e)
{
	const struct exec *x = c->exec;

	if (x->nrequests < (size_t)exec_child_declared(c)->queue &&
	    bytes_fit(EXEC_WAITING_MAX, child_waiting(c), len) &&
	    bytes_fit(EXEC_KEPT_MAX, x->kept, len))
		return true;
	err_set(e, "the handler is busy");
	return false;
}

enum verdict
exec_child_ask(struct exec_child *c, struct request *r, struct exec_message *m,
    struct errbuf *e)
{
	struct exec *x = c->exec;

	if (r == NULL) {
		err_set(e, "out of memory");
		return VERDICT_NO;
	}
	m->id = r->id;
	buf_reset(&x->line);
	if (exec_message(&x->line, m) == -1 || (c->state != EXEC_RUNNING &&
	    buf_add_slice(&c->backlog, buf_slice(&x->line)) == -1)) {
		decide_refuse(r, NULL, "out of memory", slice_of(NULL, 0));
		return VERDICT_LATER;
	}
	TAILQ_INSERT_TAIL(&c->requests, r, link);
	c->nrequests++;
	x->nrequests++;
	x->kept += r->text.len;
	if (c->state == EXEC_RUNNING)
		(void)exec_child_ops(c)->send(c->process, buf_slice(&x->line));
	if (c->state == EXEC_IDLE)
		c->state = EXEC_DUE;
	if (r->session != NULL && has_large_share(c, r->session))
		request_hold(r->session);
	return VERDICT_LATER;
}

/* It does not end the child itself: sessions may be about to be freed. */
void
exec_child_tell_line(struct exec_child *c, struct slice line)
{
	if (exec_child_ops(c)->send(c->process, line) > EXEC_UNREAD_MAX)
		c->doomed = "it does not read its stdin";
}

void
exec_child_tell(struct exec_child *c, const struct exec_message *m)
{
	struct exec *x = c->exec;

	if (c->state != EXEC_RUNNING)
		return;
	buf_reset(&x->line);
	if (exec_message(&x->line, m) == -1)
		c->doomed = "out of memory";
	else
		exec_child_tell_line(c, buf_slice(&x->line));
}

void
exec_child_tell_left(struct exec_child *c, const struct topic *t,
    const struct session *s)
{
	char count[24];
	struct exec_message m = {
		.type = "unsubscribe", .session = s, .topic = t,
		.key = "subscribers"
	};

	(void)snprintf(count, sizeof(count), "%zu", t->n);
	m.value = slice_str(count);
	exec_child_tell(c, &m);
}

/* ---- slow receivers ---- */

void
exec_child_pause(struct exec_child *c, const struct session *receiver)
{
	memcpy(c->holder, receiver->id, sizeof(c->holder));
	exec_child_ops(c)->pause(c->process, true);
}

void
exec_child_resume(struct exec_child *c, int64_t now)
{
	struct broker *b = c->exec->handler->broker;
	const struct session *s = sessions_find(&b->sessions,
	    slice_str(c->holder));

	if (s != NULL && s->slow != NULL)
		return;
	c->holder[0] = '\0';
	c->released = c->heard_at = now;
	exec_child_ops(c)->pause(c->process, false);
}
