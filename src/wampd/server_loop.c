/*
 * server_loop.c: the libuv loop as the core sees it.
 */
#include "wampd/server_loop.h"

#include <stdlib.h>
#include <uv.h>

struct loop_watch {
	uv_poll_t poll;
	void	(*ready)(void *arg, int64_t now);
	void	 *arg;		/* borrowed */
};

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct loop_watch *w = poll->data;

	(void)status;		/* reading reports an error again */
	(void)events;
	w->ready(w->arg, (int64_t)uv_now(poll->loop));
}

static struct loop_watch *
loop_watch(void *ctx, int fd, void (*ready)(void *arg, int64_t now),
    void *arg)
{
	struct loop_watch *w = calloc(1, sizeof(*w));

	if (w == NULL || uv_poll_init(ctx, &w->poll, fd) != 0) {
		free(w);
		return NULL;
	}
	w->ready = ready;
	w->arg = arg;
	w->poll.data = w;
	(void)uv_poll_start(&w->poll, UV_READABLE, on_poll);
	return w;
}

static void
loop_want_write(struct loop_watch *w, bool on)
{
	(void)uv_poll_start(&w->poll, on ? UV_READABLE | UV_WRITABLE :
	    UV_READABLE, on_poll);
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void
loop_unwatch(struct loop_watch *w)
{
	(void)uv_poll_stop(&w->poll);
	uv_close((uv_handle_t *)&w->poll, on_closed);
}

/* ---- work ---- */

struct loop_work {
	uv_work_t work;
	void	(*run)(void *arg);
	void	(*done)(void *arg, int64_t now);
	void	 *arg;		/* borrowed */
};

static void
on_work(uv_work_t *work)
{
	struct loop_work *w = work->data;

	w->run(w->arg);
}

static void
on_work_done(uv_work_t *work, int status)
{
	struct loop_work *w = work->data;

	(void)status;		/* nobody cancels it */
	w->done(w->arg, (int64_t)uv_now(work->loop));
	free(w);
}

static int
loop_work(void *ctx, void (*run)(void *arg),
    void (*done)(void *arg, int64_t now), void *arg)
{
	struct loop_work *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	w->run = run;
	w->done = done;
	w->arg = arg;
	w->work.data = w;
	/* It only fails without the function. */
	(void)uv_queue_work(ctx, &w->work, on_work, on_work_done);
	return 0;
}

const struct loop_ops server_loop_ops = {
	.watch = loop_watch,
	.want_write = loop_want_write,
	.unwatch = loop_unwatch,
	.work = loop_work,
};
