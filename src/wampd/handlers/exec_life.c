/*
 * exec_life.c: the life of a handler's child: it is started, read, ended and
 * started again.
 */
#include "wampd/handlers/exec_life.h"

#include "route/declare.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/handlers/exec_answer.h"
#include "wampd/handlers/exec_child.h"
#include "wampd/handlers/exec_log.h"
#include "wampd/process/child.h"

#define EXEC_STEADY	10000	/* ms; after that the delay starts anew */
#define EXEC_HOLD	10	/* ms between two looks at a slow receiver */

/* Choose when to start the child again; the delay doubles if it ended early.  A
 * child that printed nothing useful would end again and again, so it waits for
 * a request.  A child that gets ticks has no requests to wait for. */
static void
life_schedule(struct exec_child *c)
{
	const struct declare_exec *d = exec_child_declared(c);
	int64_t now = c->exec->handler->broker->now;

	if (c->delay == 0 || now - c->started >= EXEC_STEADY)
		c->delay = d->restart_min;
	else if (c->delay < d->restart_max / 2)
		c->delay *= 2;
	else
		c->delay = d->restart_max;
	c->start_at = now + c->delay;
	c->state = c->sensible || d->tick > 0 ? EXEC_DUE : EXEC_IDLE;
}

/* The child has ended: refuse its requests. */
static void
life_lost(struct exec_child *c, const char *how)
{
	exec_log_ended(c, how);
	c->process = NULL;
	c->exec->handler->counts.ends++;
	c->useless = !c->sensible;
	life_schedule(c);
	c->doomed = NULL;
	c->overdue = 0;
	c->garbage = 0;
	c->holder[0] = '\0';
	exec_child_refuse_all(c, "the handler's program has ended");
}

static void
on_awake(void *arg, int64_t now)
{
	struct exec_child *c = arg;

	broker_set_now(c->exec->handler->broker, now);
}

static void
on_started(void *arg)
{
	exec_log_started(arg);
}

static void
on_complaint(void *arg, struct slice line)
{
	struct exec_child *c = arg;

	handler_stir(c->exec->handler);
	exec_log_stderr(c, line);
}

static void
on_ended(void *arg, const char *how)
{
	struct exec_child *c = arg;

	handler_stir(c->exec->handler);
	life_lost(c, how);
}

static void
life_kill(struct exec_child *c, const char *why)
{
	exec_child_ops(c)->stop(c->process);
	life_lost(c, why);
}

static void
on_line(void *arg, struct slice line)
{
	struct exec_child *c = arg;

	handler_stir(c->exec->handler);
	if (c->doomed == NULL)
		exec_answer(c, line);
}

static void
life_start(struct exec_child *c)
{
	static const struct child_events events = {
		.awake = on_awake, .started = on_started, .line = on_line,
		.complaint = on_complaint, .ended = on_ended,
	};
	struct handler *h = c->exec->handler;
	struct errbuf e;

	c->started = c->heard_at = c->released = h->broker->now;
	c->sensible = false;
	c->exec->starts++;
	h->counts.starts++;
	c->process = exec_child_ops(c)->start(h->broker->children_ctx,
	    exec_child_declared(c), &events, c, &e);
	if (c->process == NULL) {
		life_lost(c, e.msg);
	} else {
		c->state = EXEC_RUNNING;
		c->tick_at = c->started + exec_child_declared(c)->tick;
		(void)exec_child_ops(c)->send(c->process,
		    buf_slice(&c->backlog));
	}
	buf_clear(&c->backlog);
}

/* ---- time ---- */

/* If the broker was late, send one tick instead of all that were missed. */
static void
life_tell_tick(struct exec_child *c, int64_t now)
{
	int64_t tick = exec_child_declared(c)->tick;

	if (tick == 0 || c->state != EXEC_RUNNING || c->tick_at > now)
		return;
	exec_child_tell_line(c, SLICE("{\"type\":\"tick\"}\n"));
	c->tick_at += tick;
	if (c->tick_at <= now)
		c->tick_at = now + tick;
}

static int64_t
request_due(const struct exec_child *c, const struct request *r)
{
	int64_t from = r->since > c->released ? r->since : c->released;

	return from + c->exec->handler->decl->timeout;
}

/* Refuse requests that wait for too long.  A child that has answered others
 * in the meantime is slow; a child that has not is stuck and is ended. */
static void
life_expire(struct exec_child *c, int64_t now)
{
	int64_t timeout = c->exec->handler->decl->timeout;
	struct request *r;
	bool late = false;

	while ((r = TAILQ_FIRST(&c->requests)) != NULL &&
	    request_due(c, r) <= now) {
		exec_child_take(c, r);
		decide_refuse(r, NULL, "the handler took too long",
		    slice_of(NULL, 0));
		c->overdue++;
		late = true;
	}
	if (late && c->state == EXEC_RUNNING && now - c->heard_at >= timeout)
		life_kill(c, "it is stuck: it did not answer in time");
}

void
exec_life_watch(struct exec_child *c)
{
	int64_t now = c->exec->handler->broker->now;

	exec_log_close_second(c, now);
	life_tell_tick(c, now);
	if (c->doomed != NULL)
		life_kill(c, c->doomed);
	if (c->holder[0] != '\0')
		exec_child_resume(c, now);
	if (c->holder[0] == '\0')
		life_expire(c, now);
	if (c->state == EXEC_DUE && c->start_at <= now)
		life_start(c);
}

int64_t
exec_life_due(const struct exec_child *c)
{
	const struct request *r = TAILQ_FIRST(&c->requests);
	int64_t due = INT64_MAX;

	if (c->state == EXEC_DUE)
		due = c->start_at;
	else if (c->state == EXEC_RUNNING && exec_child_declared(c)->tick > 0)
		due = c->tick_at;
	if (c->holder[0] != '\0')
		due = c->exec->handler->broker->now + EXEC_HOLD;
	else if (r != NULL && request_due(c, r) < due)
		due = request_due(c, r);
	return due < exec_log_due(c) ? due : exec_log_due(c);
}

void
exec_life_clear(struct exec_child *c)
{
	exec_child_refuse_all(c, "the broker stops");
	if (c->state == EXEC_RUNNING)
		exec_child_ops(c)->stop(c->process);
	buf_clear(&c->backlog);
}
