/*
 * child.c: real processes: three pipes, lines, and an orderly end.
 *
 * Like the control socket, it uses read() and write() on uv_poll handles, so
 * that a turn of the loop reads a bounded amount from each child.  Pipes are
 * used and not libuv's socket pairs, because a script that writes to
 * /dev/stderr cannot open a socket there.
 *
 * Each program has a keeper, a process between it and the broker.  The keeper
 * starts the program, reports how it ended, and ends all that it has started.
 */
#include "wampd/process/child.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/records.h"
#include "wampd/process/child_end.h"
#include "wampd/process/child_keeper.h"
#include "wampd/process/child_parts.h"
#include "wampd/process/child_spawn.h"

#define CHILD_GRACE	2000	/* ms from SIGTERM to SIGKILL */
#define CHILD_BURIAL	6000	/* ms from SIGKILL until the keeper is given
				 * up; it gives up earlier itself */
#define COMPLAINT_MAX	4096	/* bytes of a line of stderr */

static void on_timer(uv_timer_t *timer);
static void on_stdout(uv_poll_t *poll, int status, int events);
static void on_stdin(uv_poll_t *poll, int status, int events);

/* ---- the end ---- */

static void
on_closed(uv_handle_t *handle)
{
	struct child *c = handle->data;

	if (--c->handles > 0)
		return;
	LIST_REMOVE(c, link);
	buf_clear(&c->waiting);
	records_clear(&c->out.lines);
	records_clear(&c->err.lines);
	free(c);
}

static void
child_order(struct child *c, enum child_keeper_order order)
{
	const char byte = (char)order;

	/* If the keeper has ended, on_control() finds out. */
	(void)send(c->control.fd, &byte, 1, MSG_NOSIGNAL);
}

/* Close the last handles.  A keeper that is still there kills its program. */
static void
child_close(struct child *c)
{
	child_end_close(&c->control, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}

/* Ask it to end, unless it has, and tell the owner nothing more. */
static void
child_dismiss(struct child *c)
{
	c->over = true;
	child_end_close(&c->in, on_closed);
	child_end_close(&c->out, on_closed);
	child_end_close(&c->err, on_closed);
	if (c->control.fd == -1) {
		uv_close((uv_handle_t *)&c->timer, on_closed);
		return;
	}
	if (!c->exited)
		child_order(c, KEEPER_TERM);
	c->killed = c->exited;
	(void)uv_timer_start(&c->timer, on_timer, c->exited ? CHILD_BURIAL :
	    CHILD_GRACE, 0);
}

void
child_ended(struct child *c, const char *how)
{
	c->over = true;
	c->events->ended(c->arg, how);
	child_dismiss(c);
}

/* ---- what it prints ---- */

static void
child_wake(struct child *c)
{
	c->events->awake(c->arg, (int64_t)uv_now(c->children->loop));
}

/* Tell the lines that were read from stdout, until the owner pauses it. */
static void
child_tell_lines(struct child *c)
{
	enum records_next next = RECORDS_GOT;
	struct slice line;

	while (!c->over && !c->paused &&
	    (next = records_next(&c->out.lines, &line)) == RECORDS_GOT)
		c->events->line(c->arg, line);
	if (next == RECORDS_TOO_LONG) {
		child_ended(c, "it printed an endless line");
	} else if (next == RECORDS_DONE && c->exited) {
		child_ended(c, c->how.msg);
	} else if (next == RECORDS_DONE) {
		/* It usually exits next; wait a while to know how. */
		(void)uv_poll_stop(&c->out.poll);
		(void)uv_timer_start(&c->timer, on_timer, CHILD_GRACE, 0);
	}
}

/* Tell the lines that were read from stderr. */
static void
child_tell_complaints(struct child *c)
{
	enum records_next next = RECORDS_GOT;
	struct records *r = &c->err.lines;
	struct slice line;

	while (!c->over && (next = records_next(r, &line)) == RECORDS_GOT)
		c->events->complaint(c->arg, line);
	if (next == RECORDS_TOO_LONG) {
		c->events->complaint(c->arg,
		    slice_of(r->in.data + r->at, r->in.len - r->at));
		records_clear(r);
		records_init(r, c->err.fd, RECORDS_LINES, COMPLAINT_MAX);
	} else if (next == RECORDS_DONE) {
		child_end_close(&c->err, on_closed);
	}
}

static void
on_stdout(uv_poll_t *poll, int status, int events)
{
	struct child *c = poll->data;
	struct errbuf e;

	(void)status;
	(void)events;
	child_wake(c);
	/* After a failure, the next turn tries again. */
	if (records_read(&c->out.lines, &e) == 0)
		child_tell_lines(c);
}

static void
on_stderr(uv_poll_t *poll, int status, int events)
{
	struct child *c = poll->data;
	struct errbuf e;

	(void)status;
	(void)events;
	child_wake(c);
	if (records_read(&c->err.lines, &e) == 0)
		child_tell_complaints(c);
}

/* The program has ended or could not be started, as `how` says. */
static void
child_exited(struct child *c)
{
	c->exited = true;
	if (c->over)
		return;
	child_wake(c);
	child_end_read_rest(&c->out);
	child_end_read_rest(&c->err);
	child_tell_complaints(c);
	child_tell_lines(c);
}

static void
child_hear(struct child *c, const struct child_keeper_news *news)
{
	if (c->exited)
		return;
	if (news->kind != KEEPER_STARTED) {
		child_spawn_fate(&c->how, news);
		child_exited(c);
	} else if (!c->over && c->events->started != NULL) {
		c->events->started(c->arg);
	}
}

/* The keeper has ended, and all that it kept, unless it was killed itself. */
static void
child_lost(struct child *c)
{
	if (!c->exited) {
		err_set(&c->how, "its keeper was killed");
		child_exited(c);
	}
	if (c->over)
		child_close(c);
	else
		child_end_close(&c->control, on_closed);
}

static void
on_control(uv_poll_t *poll, int status, int events)
{
	struct child *c = poll->data;
	struct child_keeper_news news;
	ssize_t n;

	(void)status;
	(void)events;
	n = recv(c->control.fd, &news, sizeof(news), 0);
	if (n == (ssize_t)sizeof(news))
		child_hear(c, &news);
	else if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		child_lost(c);
}

/* The time that it had to end is over: kill it, or give the keeper up. */
static void
child_finish(struct child *c)
{
	if (c->killed) {
		child_close(c);
		return;
	}
	child_order(c, KEEPER_KILL);
	c->killed = true;
	(void)uv_timer_start(&c->timer, on_timer, CHILD_BURIAL, 0);
}

static void
on_timer(uv_timer_t *timer)
{
	struct child *c = timer->data;

	if (c->over) {
		child_finish(c);
		return;
	}
	child_wake(c);
	if (c->out.lines.eof && !c->exited) {
		child_ended(c, "it closed its stdout");
		return;
	}
	child_tell_lines(c);
	if (!c->over && !c->paused)
		(void)uv_poll_start(&c->out.poll, UV_READABLE, on_stdout);
}

/* ---- what it is told ---- */

static void
child_close_in(struct child *c)
{
	buf_clear(&c->waiting);
	c->written = 0;
	child_end_close(&c->in, on_closed);
}

/* Write as much as the pipe takes.  A child that has closed its stdin may still
 * print. */
static void
child_write(struct child *c)
{
	struct buf *b = &c->waiting;
	ssize_t n = 0;

	while (c->written < b->len && (n = write(c->in.fd, b->data +
	    c->written, b->len - c->written)) > 0)
		c->written += (size_t)n;
	if (n == -1 && errno != EAGAIN && errno != EINTR) {
		child_close_in(c);
		return;
	}
	/* Moving the rest after each write would take quadratic time. */
	if (c->written > b->len / 2) {
		buf_consume(b, c->written);
		c->written = 0;
	}
	if (b->len > 0)
		(void)uv_poll_start(&c->in.poll, UV_WRITABLE, on_stdin);
	else
		(void)uv_poll_stop(&c->in.poll);
}

static void
on_stdin(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	child_write(poll->data);
}

static size_t
child_send(struct child *c, struct slice bytes)
{
	bool idle = c->waiting.len == 0;

	if (c->in.fd == -1)
		return 0;
	if (buf_add_slice(&c->waiting, bytes) == -1) {
		/* It sees the end of its input and should end. */
		child_close_in(c);
		return 0;
	}
	if (idle && bytes.len > 0)
		child_write(c);
	return c->waiting.len - c->written;
}

static void
child_pause(struct child *c, bool on)
{
	c->paused = on;
	if (on)
		(void)uv_poll_stop(&c->out.poll);
	else
		(void)uv_timer_start(&c->timer, on_timer, 0, 0);
}

/* ---- the start ---- */

static int
child_take_end(struct child *c, struct child_end *e, int fd)
{
	if (child_end_open(e, c->children->loop, fd, c) != 0)
		return -1;
	c->handles++;
	return 0;
}

static int
child_open(struct child *c, const struct declare_exec *what,
    struct errbuf *e)
{
	struct children *t = c->children;
	struct child_ends ends;
	int rc = 0;

	if (child_spawn(&ends, &t->nursery, what, e) == -1)
		return -1;
	rc |= child_take_end(c, &c->in, ends.in);
	rc |= child_take_end(c, &c->out, ends.out);
	rc |= child_take_end(c, &c->err, ends.err);
	rc |= child_take_end(c, &c->control, ends.control);
	if (rc != 0) {
		child_end_close(&c->control, on_closed);
		err_set(e, "too many descriptors");
		return -1;
	}
	records_init(&c->out.lines, c->out.fd, RECORDS_LINES, t->max_line);
	records_init(&c->err.lines, c->err.fd, RECORDS_LINES, COMPLAINT_MAX);
	(void)uv_poll_start(&c->out.poll, UV_READABLE, on_stdout);
	(void)uv_poll_start(&c->err.poll, UV_READABLE, on_stderr);
	(void)uv_poll_start(&c->control.poll, UV_READABLE, on_control);
	return 0;
}

static struct child *
child_new(struct children *t, const struct child_events *events, void *arg)
{
	struct child *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->children = t;
	c->events = events;
	c->arg = arg;
	c->in.fd = c->out.fd = c->err.fd = c->control.fd = -1;
	(void)uv_timer_init(t->loop, &c->timer);
	c->timer.data = c;
	c->handles = 1;
	LIST_INSERT_HEAD(&t->all, c, link);
	return c;
}

static struct child *
child_start(void *ctx, const struct declare_exec *what,
    const struct child_events *events, void *arg, struct errbuf *e)
{
	struct children *t = ctx;
	struct child *c;

	if (t->closed) {
		err_set(e, "the broker stops");
		return NULL;
	}
	if ((c = child_new(t, events, arg)) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	err_set(&c->how, "cannot start %s in %s", what->argv[0], what->cwd);
	if (child_open(c, what, e) == 0)
		return c;
	err_wrap(e, "%s", c->how.msg);
	c->exited = true;
	child_dismiss(c);
	return NULL;
}

static int
child_prepare(void *ctx, struct errbuf *e)
{
	struct children *t = ctx;

	return child_nursery_open(&t->nursery, e);
}

static int
child_start_jq(void *ctx, pid_t *pid, int socket, int page)
{
	struct children *t = ctx;

	return child_nursery_order(&t->nursery, NURSERY_JQ,
	    (const int[]){ socket, page }, pid);
}

const struct child_ops child_ops = {
	.prepare = child_prepare,
	.start = child_start,
	.send = child_send,
	.pause = child_pause,
	.stop = child_dismiss,
	.start_jq = child_start_jq,
};
