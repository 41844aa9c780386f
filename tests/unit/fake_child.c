/*
 * fake_child.c: children without processes.
 */
#include "fake_child.h"

#include <stdarg.h>
#include <stdlib.h>

static int
fake_prepare(void *ctx, struct errbuf *e)
{
	(void)ctx;
	(void)e;
	return 0;
}

static struct child *
fake_start(void *ctx, const struct declare_exec *what,
    const struct child_events *events, void *arg, struct errbuf *e)
{
	struct fake_children *f = ctx;
	struct child *c;

	if (f->broken) {
		f->failures++;
		err_set(e, "cannot start %s", what->argv[0]);
		return NULL;
	}
	if (f->n == FAKE_CHILDREN_MAX || (c = calloc(1, sizeof(*c))) == NULL)
		abort();
	c->events = events;
	c->arg = arg;
	c->cwd = what->cwd;
	c->running = true;
	f->child[f->n++] = c;
	return c;
}

static size_t
fake_send(struct child *c, struct slice bytes)
{
	if (!c->running || buf_add_slice(&c->in, bytes) == -1)
		abort();
	return c->waiting;
}

static void
fake_pause(struct child *c, bool on)
{
	if (!c->running || c->paused == on)
		abort();
	c->paused = on;
}

static void
fake_stop(struct child *c)
{
	if (!c->running)
		abort();
	c->running = false;
	c->stopped = true;
}

const struct child_ops fake_child_ops = {
	.prepare = fake_prepare, .start = fake_start, .send = fake_send,
	.pause = fake_pause, .stop = fake_stop,
};

const char *
fake_child_hear(struct child *c)
{
	const char *text = buf_cstr(&c->in);

	buf_reset(&c->in);
	return text;
}

void
fake_child_say_slice(struct child *c, struct slice line)
{
	if (c->running && !c->paused)
		c->events->line(c->arg, line);
}

void
fake_child_say(struct child *c, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (rc == -1)
		abort();
	fake_child_say_slice(c, buf_slice(&text));
	buf_clear(&text);
}

void
fake_child_complain(struct child *c, struct slice line)
{
	if (c->running)
		c->events->complaint(c->arg, line);
}

void
fake_child_end(struct child *c)
{
	c->running = false;
	c->events->ended(c->arg, "exit status 1");
}

void
fake_children_clear(struct fake_children *f)
{
	while (f->n > 0) {
		buf_clear(&f->child[--f->n]->in);
		free(f->child[f->n]);
	}
}
