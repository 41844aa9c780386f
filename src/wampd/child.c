/*
 * child.c: real processes: three pipes, lines, and an orderly end.
 *
 * Plain read() and write() on uv_poll handles, as the control socket has it,
 * so that a turn of the loop reads a bounded amount of each child.  They are
 * pipes and not libuv's socket pairs, because a script that writes to
 * /dev/stderr cannot open a socket there.
 *
 * A child leads a session and a process group of its own: what it started in
 * turn ends with it.
 */
#include "wampd/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/records.h"
#include "wampd/child_spawn.h"

#define CHILD_GRACE	2000	/* ms from SIGTERM to SIGKILL */
#define CHILD_REST	16	/* reads of what it left behind */
#define COMPLAINT_MAX	4096	/* bytes of a line of stderr */

/* Our end of one of its pipes. */
struct end {
	uv_poll_t      poll;
	int	       fd;	/* -1: closed */
	struct records lines;	/* of stdout and stderr */
};

struct child {
	LIST_ENTRY(child) link;		/* children->all */
	struct children *children;	/* borrowed */
	const struct child_events *events; /* borrowed; static */
	void	    *arg;		/* borrowed; passed to events */
	uv_process_t process;
	uv_timer_t   timer;		/* goes on after a pause; waits for
					 * an exit; kills */
	struct end   in, out, err;
	struct buf   waiting;		/* owned; for its stdin */
	size_t	     written;		/* bytes of it that are gone */
	unsigned     handles;		/* not closed yet; 0: freed */
	bool	     paused;
	bool	     exited;		/* or never ran */
	bool	     over;		/* nothing is told any more */
	char	     how[64];		/* it exited */
};

struct children {
	uv_loop_t *loop;		/* borrowed */
	LIST_HEAD(, child) all;		/* owned */
	size_t	   max_line;		/* bytes */
	bool	   closed;
};

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
end_close(struct end *e)
{
	if (e->fd == -1)
		return;
	uv_close((uv_handle_t *)&e->poll, on_closed);
	(void)close(e->fd);
	e->fd = -1;
}

/* Is process a handle, if not a process that runs? */
static bool
child_is_process(struct child *c)
{
	return uv_handle_get_type((uv_handle_t *)&c->process) == UV_PROCESS;
}

/* The process is no more: nothing else keeps the handles. */
static void
child_close(struct child *c)
{
	if (child_is_process(c))
		uv_close((uv_handle_t *)&c->process, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}

/* Be done with it: ask it to end unless it has. */
static void
child_dismiss(struct child *c)
{
	c->over = true;
	end_close(&c->in);
	end_close(&c->out);
	end_close(&c->err);
	if (c->exited) {
		child_close(c);
		return;
	}
	(void)kill(-c->process.pid, SIGTERM);
	(void)uv_timer_start(&c->timer, on_timer, CHILD_GRACE, 0);
}

static void
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

/* Tell what was read of stdout, until the owner has had enough. */
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
		child_ended(c, c->how);
	} else if (next == RECORDS_DONE) {
		/* It usually exits next, and how is worth waiting for. */
		(void)uv_poll_stop(&c->out.poll);
		(void)uv_timer_start(&c->timer, on_timer, CHILD_GRACE, 0);
	}
}

/* The same of stderr, which has no rules. */
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
		end_close(&c->err);
	}
}

/* Read what it left behind.  Someone outside its group may hold the pipe
 * open, so its end is not waited for. */
static void
end_read_rest(struct end *end)
{
	struct errbuf e;
	int i;

	for (i = 0; i < CHILD_REST && !end->lines.eof; i++)
		if (records_read(&end->lines, &e) == -1)
			break;
	end->lines.eof = true;
}

static void
on_stdout(uv_poll_t *poll, int status, int events)
{
	struct child *c = poll->data;
	struct errbuf e;

	(void)status;
	(void)events;
	child_wake(c);
	/* What cannot be read now is still there in the next turn. */
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

static void
on_exited(uv_process_t *process, int64_t status, int signo)
{
	struct child *c = process->data;

	if (signo != 0)
		(void)snprintf(c->how, sizeof(c->how), "signal %d (%s)",
		    signo, strsignal(signo));
	else
		(void)snprintf(c->how, sizeof(c->how), "exit status %d",
		    (int)status);
	c->exited = true;
	/* Its number is not taken again within this turn: only what it left
	 * behind in its group can be meant. */
	(void)kill(-process->pid, SIGKILL);
	if (c->over) {
		child_close(c);
		return;
	}
	child_wake(c);
	end_read_rest(&c->out);
	end_read_rest(&c->err);
	child_tell_complaints(c);
	child_tell_lines(c);
}

static void
on_timer(uv_timer_t *timer)
{
	struct child *c = timer->data;

	if (c->over) {
		(void)kill(-c->process.pid, SIGKILL);
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
	end_close(&c->in);
}

/* Write as much of what waits as the pipe takes.  A child that reads no more
 * may still print. */
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
	/* Moving the rest for each pipeful would take its square. */
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
		/* It sees its input end, and ends. */
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
end_open(struct child *c, struct end *e, bool we_read,
    uv_stdio_container_t *theirs)
{
	int rc;

	if ((rc = child_pipe(&e->fd, we_read, theirs)) != 0)
		return rc;
	if ((rc = uv_poll_init(c->children->loop, &e->poll, e->fd)) != 0) {
		(void)close(e->fd);
		e->fd = -1;
		return rc;
	}
	e->poll.data = c;
	c->handles++;
	return 0;
}

static int
child_open(struct child *c, const struct declare_exec *what)
{
	uv_stdio_container_t stdio[3] = {
		{ .data.fd = -1 }, { .data.fd = -1 }, { .data.fd = -1 }
	};
	size_t i;
	int rc;

	if ((rc = end_open(c, &c->in, false, &stdio[0])) == 0 &&
	    (rc = end_open(c, &c->out, true, &stdio[1])) == 0 &&
	    (rc = end_open(c, &c->err, true, &stdio[2])) == 0) {
		rc = child_spawn(c->children->loop, &c->process, on_exited,
		    stdio, what);
		if (child_is_process(c))
			c->handles++;
	}
	for (i = 0; i < 3; i++)
		if (stdio[i].data.fd != -1)
			(void)close(stdio[i].data.fd);
	if (rc != 0)
		return rc;
	records_init(&c->out.lines, c->out.fd, RECORDS_LINES,
	    c->children->max_line);
	records_init(&c->err.lines, c->err.fd, RECORDS_LINES, COMPLAINT_MAX);
	(void)uv_poll_start(&c->out.poll, UV_READABLE, on_stdout);
	(void)uv_poll_start(&c->err.poll, UV_READABLE, on_stderr);
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
	c->in.fd = c->out.fd = c->err.fd = -1;
	(void)uv_timer_init(t->loop, &c->timer);
	c->timer.data = c->process.data = c;
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
	int rc;

	if (t->closed) {
		err_set(e, "the broker stops");
		return NULL;
	}
	if ((c = child_new(t, events, arg)) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	if ((rc = child_open(c, what)) == 0)
		return c;
	err_set(e, "cannot start %s in %s: %s", what->argv[0], what->cwd,
	    uv_strerror(rc));
	c->exited = true;
	child_dismiss(c);
	return NULL;
}

const struct child_ops child_ops = {
	.start = child_start,
	.send = child_send,
	.pause = child_pause,
	.stop = child_dismiss,
};

/* ---- all of them ---- */

struct children *
children_new(struct uv_loop_s *loop, size_t max_line, struct errbuf *e)
{
	struct children *t;

	if ((t = calloc(1, sizeof(*t))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	t->loop = loop;
	t->max_line = max_line;
	LIST_INIT(&t->all);
	return t;
}

void
children_close(struct children *t)
{
	struct child *c;

	if (t == NULL)
		return;
	t->closed = true;
	/* Their handles close later, so that the list stays as it is. */
	LIST_FOREACH(c, &t->all, link)
		if (!c->over)
			child_ended(c, "the broker stops");
}

void
children_free(struct children *t)
{
	free(t);
}
