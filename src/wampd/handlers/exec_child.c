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

#define EXEC_WAITING_MAX (1u << 20)	/* bytes that the child has not read;
					 * beyond it, requests are refused */
#define EXEC_UNREAD_MAX	(16u << 20)	/* the same; beyond it, the child is
					 * ended */
#define EXEC_KEPT_MAX	(16u << 20)	/* bytes of the requests that a handler
					 * has not decided */
/* Above 1/EXEC_HIGH of a bound, a session that asks is no longer read, until at
 * most 1/EXEC_LOW of each bound is used. */
#define EXEC_HIGH	2
#define EXEC_LOW	4

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

/* Whether more than 1/share of a bound is used. */
static bool
child_is_filled(const struct exec_child *c, size_t share)
{
	const struct exec *x = c->exec;

	return x->nrequests > (size_t)exec_child_declared(c)->queue / share ||
	    child_waiting(c) > EXEC_WAITING_MAX / share ||
	    x->kept > EXEC_KEPT_MAX / share;
}

void
exec_child_take(struct exec_child *c, struct request *r)
{
	TAILQ_REMOVE(&c->requests, r, link);
	c->nrequests--;
	c->exec->nrequests--;
	c->exec->kept -= r->text.len;
	if (!child_is_filled(c, EXEC_LOW) || c->exec->nrequests == 0)
		pause_end(&c->exec->pause);
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

bool
exec_child_has_room(const struct exec_child *c, size_t len, struct errbuf *e)
{
	const struct exec *x = c->exec;
	size_t waiting = child_waiting(c);

	if (x->nrequests < (size_t)exec_child_declared(c)->queue &&
	    (waiting == 0 || waiting + len <= EXEC_WAITING_MAX) &&
	    (x->kept == 0 || x->kept + len <= EXEC_KEPT_MAX))
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
	if (r->session != NULL && child_is_filled(c, EXEC_HIGH))
		pause_session(&x->pause, r->session);
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
