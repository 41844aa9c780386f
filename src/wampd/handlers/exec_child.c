/*
 * exec_child.c: one child of a handler: started, asked, watched, ended.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "route/declare.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/exec.h"
#include "wampd/process/child.h"

#define EXEC_WAITING_MAX (1u << 20)	/* bytes a child has not read yet, for
					 * a further request */
#define EXEC_KEPT_MAX	(16u << 20)	/* bytes of requests that a handler
					 * has not decided yet */
#define EXEC_UNREAD_MAX	(16u << 20)	/* the same, for the child to live */
#define EXEC_HIGH	2	/* the part of a bound from which on who asks
				 * is not read from, */
#define EXEC_LOW	4	/* until it is no more than this part */
#define EXEC_STEADY	10000	/* ms; one that lived that long is well */
#define EXEC_HOLD	10	/* ms between looks at a slow receiver */
#define EXEC_LOGGED	10	/* lines a second and child */
#define EXEC_FLOOD	10000	/* the same, for the child to live */
#define SECOND		1000	/* ms */

static const struct declare_exec *
exec_declared(const struct exec *x)
{
	return &x->handler->decl->exec;
}

static const struct child_ops *
exec_ops(const struct exec *x)
{
	return x->handler->broker->children;
}

static size_t
exec_index(const struct exec_child *c)
{
	return (size_t)(c - c->exec->child);
}

/* ---- the log ---- */

/* Whether another line may be logged in this second; it is counted. */
static bool
exec_may_log(struct exec_child *c)
{
	if (++c->said == EXEC_FLOOD)
		c->doomed = "it complains without end";
	return c->said <= EXEC_LOGGED;
}

void
exec_complain(struct exec_child *c, const char *text)
{
	if (exec_may_log(c))
		log_warn("handler=%s child=%zu %s", c->exec->handler->name,
		    exec_index(c), text);
}

static void
on_complaint(void *arg, struct slice line)
{
	struct exec_child *c = arg;

	handler_stir(c->exec->handler);
	if (exec_may_log(c))
		log_warn("handler=%s child=%zu stderr=%s",
		    c->exec->handler->name, exec_index(c),
		    log_quote(line).s);
}

/* A second is over: say what was left out. */
static void
exec_close_second(struct exec_child *c, int64_t now)
{
	if (now - c->said_since < SECOND)
		return;
	if (c->said > EXEC_LOGGED)
		log_warn("handler=%s child=%zu %u lines more, not logged",
		    c->exec->handler->name, exec_index(c),
		    c->said - EXEC_LOGGED);
	c->said = 0;
	c->said_since = now;
}

/* ---- requests ---- */

/* Bytes that the child has not read yet. */
static size_t
exec_waiting(const struct exec_child *c)
{
	if (c->state == EXEC_RUNNING)
		return exec_ops(c->exec)->send(c->process, SLICE(""));
	return c->backlog.len;
}

/* Whether what waits takes more than one part in `share` of its bounds. */
static bool
exec_is_filled(const struct exec_child *c, size_t share)
{
	const struct exec *x = c->exec;

	return x->nrequests > (size_t)exec_declared(x)->queue / share ||
	    exec_waiting(c) > EXEC_WAITING_MAX / share ||
	    x->kept > EXEC_KEPT_MAX / share;
}

void
exec_take(struct exec_child *c, struct request *r)
{
	TAILQ_REMOVE(&c->requests, r, link);
	c->nrequests--;
	c->exec->nrequests--;
	c->exec->kept -= r->text.len;
	if (!exec_is_filled(c, EXEC_LOW) || c->exec->nrequests == 0)
		hold_end(&c->exec->hold);
}

static void
exec_refuse_all(struct exec_child *c, const char *reason)
{
	struct request *r;

	while ((r = TAILQ_FIRST(&c->requests)) != NULL) {
		exec_take(c, r);
		request_refuse(r, NULL, reason, slice_of(NULL, 0));
	}
}

bool
exec_has_room(const struct exec_child *c, size_t len, struct errbuf *e)
{
	const struct exec *x = c->exec;
	size_t waiting = exec_waiting(c);

	if (x->nrequests < (size_t)exec_declared(x)->queue &&
	    (waiting == 0 || waiting + len <= EXEC_WAITING_MAX) &&
	    (x->kept == 0 || x->kept + len <= EXEC_KEPT_MAX))
		return true;
	err_set(e, "the handler is busy");
	return false;
}

enum verdict
exec_ask(struct exec_child *c, struct request *r, struct exec_message *m,
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
		request_refuse(r, NULL, "out of memory", slice_of(NULL, 0));
		return VERDICT_LATER;
	}
	TAILQ_INSERT_TAIL(&c->requests, r, link);
	c->nrequests++;
	x->nrequests++;
	x->kept += r->text.len;
	if (c->state == EXEC_RUNNING)
		(void)exec_ops(x)->send(c->process, buf_slice(&x->line));
	if (c->state == EXEC_IDLE)
		c->state = EXEC_DUE;
	if (r->session != NULL && exec_is_filled(c, EXEC_HIGH))
		hold_wait(&x->hold, r->session);
	return VERDICT_LATER;
}

/* Never kills: it may be called while sessions are being freed. */
static void
exec_tell_line(struct exec_child *c, struct slice line)
{
	if (exec_ops(c->exec)->send(c->process, line) > EXEC_UNREAD_MAX)
		c->doomed = "it does not read what it is told";
}

void
exec_tell(struct exec_child *c, const struct exec_message *m)
{
	struct exec *x = c->exec;

	if (c->state != EXEC_RUNNING)
		return;
	buf_reset(&x->line);
	if (exec_message(&x->line, m) == -1)
		c->doomed = "there was no memory to tell it something";
	else
		exec_tell_line(c, buf_slice(&x->line));
}

void
exec_tell_left(struct exec_child *c, const struct topic *t,
    const struct session *s)
{
	char count[24];
	struct exec_message m = {
		.type = "unsubscribe", .session = s, .topic = t,
		.key = "subscribers"
	};

	(void)snprintf(count, sizeof(count), "%zu", t->n);
	m.value = slice_str(count);
	exec_tell(c, &m);
}

/* ---- life ---- */

/* When to start it again: the shorter it lived, the later.  One that has said
 * nothing of use is not worth starting until somebody asks for it: it would
 * only end again, without end.  Nobody asks one that works by ticks. */
static void
exec_schedule(struct exec_child *c)
{
	const struct declare_exec *d = exec_declared(c->exec);
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

/* That a program is of no use is worth one warning. */
static void
exec_log_end(const struct exec_child *c, const char *how)
{
	const struct handler *h = c->exec->handler;

	if (h->broker->stop_until != 0 || (c->useless && !c->sensible))
		log_info("handler=%s child=%zu ended: %s", h->name,
		    exec_index(c), how);
	else
		log_warn("handler=%s child=%zu ended: %s; refused "
		    "requests=%zu", h->name, exec_index(c), how,
		    c->nrequests);
}

/* It is gone: nobody will answer what it was asked. */
static void
exec_lost(struct exec_child *c, const char *how)
{
	exec_log_end(c, how);
	c->process = NULL;
	c->useless = !c->sensible;
	exec_schedule(c);
	c->doomed = NULL;
	c->overdue = 0;
	c->garbage = 0;
	c->holder[0] = '\0';
	exec_refuse_all(c, "the handler's program has ended");
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
	const struct exec_child *c = arg;

	log_info("handler=%s child=%zu started", c->exec->handler->name,
	    exec_index(c));
}

static void
on_ended(void *arg, const char *how)
{
	struct exec_child *c = arg;

	handler_stir(c->exec->handler);
	exec_lost(c, how);
}

static void
exec_kill(struct exec_child *c, const char *why)
{
	exec_ops(c->exec)->stop(c->process);
	exec_lost(c, why);
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
exec_start(struct exec_child *c)
{
	static const struct child_events events = {
		.awake = on_awake, .started = on_started, .line = on_line,
		.complaint = on_complaint, .ended = on_ended,
	};
	struct handler *h = c->exec->handler;
	struct errbuf e;

	c->started = c->heard_at = c->released = h->broker->now;
	c->sensible = false;
	c->process = exec_ops(c->exec)->start(h->broker->children_ctx,
	    exec_declared(c->exec), &events, c, &e);
	if (c->process == NULL) {
		exec_lost(c, e.msg);
	} else {
		c->state = EXEC_RUNNING;
		c->tick_at = c->started + exec_declared(c->exec)->tick;
		(void)exec_ops(c->exec)->send(c->process,
		    buf_slice(&c->backlog));
	}
	buf_clear(&c->backlog);
}

/* ---- time ---- */

void
exec_hold(struct exec_child *c, const struct session *receiver)
{
	memcpy(c->holder, receiver->id, sizeof(c->holder));
	exec_ops(c->exec)->pause(c->process, true);
}

/* After a pause of the broker there is one tick, not those it missed. */
static void
exec_tell_tick(struct exec_child *c, int64_t now)
{
	int64_t tick = exec_declared(c->exec)->tick;

	if (tick == 0 || c->state != EXEC_RUNNING || c->tick_at > now)
		return;
	exec_tell_line(c, SLICE("{\"type\":\"tick\"}\n"));
	c->tick_at += tick;
	if (c->tick_at <= now)
		c->tick_at = now + tick;
}

/* Read the child again once the slow receiver has caught up or is gone.  What
 * it could not say meanwhile is not its fault. */
static void
exec_release(struct exec_child *c, int64_t now)
{
	const struct session *s = broker_session(c->exec->handler->broker,
	    slice_str(c->holder));

	if (s != NULL && s->choke != NULL)
		return;
	c->holder[0] = '\0';
	c->released = c->heard_at = now;
	exec_ops(c->exec)->pause(c->process, false);
}

static int64_t
request_due(const struct exec_child *c, const struct request *r)
{
	int64_t from = r->since > c->released ? r->since : c->released;

	return from + c->exec->handler->decl->timeout;
}

/* Give up requests that wait for too long.  A child that has meanwhile
 * answered others is slow; one that has not is stuck. */
static void
exec_expire(struct exec_child *c, int64_t now)
{
	int64_t timeout = c->exec->handler->decl->timeout;
	struct request *r;
	bool late = false;

	while ((r = TAILQ_FIRST(&c->requests)) != NULL &&
	    request_due(c, r) <= now) {
		exec_take(c, r);
		request_refuse(r, NULL, "the handler took too long",
		    slice_of(NULL, 0));
		c->overdue++;
		late = true;
	}
	if (late && c->state == EXEC_RUNNING && now - c->heard_at >= timeout)
		exec_kill(c, "it is stuck: it did not answer in time");
}

void
exec_watch(struct exec_child *c)
{
	int64_t now = c->exec->handler->broker->now;

	exec_close_second(c, now);
	exec_tell_tick(c, now);
	if (c->doomed != NULL)
		exec_kill(c, c->doomed);
	if (c->holder[0] != '\0')
		exec_release(c, now);
	if (c->holder[0] == '\0')
		exec_expire(c, now);
	if (c->state == EXEC_DUE && c->start_at <= now)
		exec_start(c);
}

int64_t
exec_due(const struct exec_child *c)
{
	const struct request *r = TAILQ_FIRST(&c->requests);
	int64_t due = INT64_MAX;

	if (c->state == EXEC_DUE)
		due = c->start_at;
	else if (c->state == EXEC_RUNNING && exec_declared(c->exec)->tick > 0)
		due = c->tick_at;
	if (c->holder[0] != '\0')
		due = c->exec->handler->broker->now + EXEC_HOLD;
	else if (r != NULL && request_due(c, r) < due)
		due = request_due(c, r);
	if (c->said > EXEC_LOGGED && c->said_since + SECOND < due)
		due = c->said_since + SECOND;
	return due;
}

void
exec_clear(struct exec_child *c)
{
	exec_refuse_all(c, "the broker stops");
	if (c->state == EXEC_RUNNING)
		exec_ops(c->exec)->stop(c->process);
	buf_clear(&c->backlog);
}
