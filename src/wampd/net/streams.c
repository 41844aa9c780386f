/*
 * streams.c: what all streams of a loop share.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "wampd/core/broker.h"
#include "wampd/net/stream_parts.h"

#define BATCH	512		/* events per turn */

/* Handle one batch of events.  Whether there is another one, and this one was
 * mostly peers that wait to leave: they took next to no time, and whoever is
 * behind them should not wait for several turns. */
static bool
handle_batch(struct streams *all)
{
	struct epoll_event found[BATCH];
	size_t before = all->nleaving;
	struct stream *s;
	int i, n;

	n = epoll_wait(all->set, found, BATCH, 0);
	for (i = 0; i < n; i++) {
		s = found[i].data.ptr;
		if (s->fd != -1)
			stream_event(s, found[i].events);
	}
	return n == BATCH && all->nleaving - before > BATCH / 2;
}

static void
on_poll(uv_poll_t *handle, int status, int events)
{
	struct streams *all = handle->data;

	(void)status;
	(void)events;
	streams_set_now(all);
	while (handle_batch(all))
		continue;
}

/* ---- the end of a turn ---- */

static void
free_dead(struct streams *all)
{
	struct stream *s;

	while ((s = TAILQ_FIRST(&all->dead)) != NULL) {
		TAILQ_REMOVE(&all->dead, s, link);
		s->ops->closed(s);
	}
}

bool
streams_turn(struct streams *all)
{
	struct stream *s;

	for (all->leaves = STREAM_LEAVES; all->leaves > 0 &&
	    (s = TAILQ_FIRST(&all->leaving)) != NULL; all->leaves--)
		stream_leave_now(s);
	free_dead(all);
	return all->leaves < STREAM_LEAVES || !TAILQ_EMPTY(&all->leaving);
}

/* ---- life ---- */

struct streams *
streams_new(uv_loop_t *loop, struct broker *b, struct errbuf *e)
{
	struct streams *all = calloc(1, sizeof(*all));

	if (all == NULL || (all->in = malloc(STREAM_IN)) == NULL) {
		free(all);
		err_set(e, "out of memory");
		return NULL;
	}
	all->loop = loop;
	all->broker = b;
	all->leaves = STREAM_LEAVES;
	TAILQ_INIT(&all->resumed);
	TAILQ_INIT(&all->leaving);
	TAILQ_INIT(&all->dead);
	TAILQ_INIT(&all->shakes_begun);
	TAILQ_INIT(&all->shakes_next);
	TAILQ_INIT(&all->shakes_new);
	if ((all->set = epoll_create1(EPOLL_CLOEXEC)) == -1 ||
	    uv_poll_init(loop, &all->poll, all->set) != 0) {
		err_set_errno(e, "epoll");
		if (all->set != -1)
			(void)close(all->set);
		free(all->in);
		free(all);
		return NULL;
	}
	(void)uv_timer_init(loop, &all->begun_timer);
	all->begun_timer.data = all;
	(void)uv_idle_init(loop, &all->idle);
	all->idle.data = all->poll.data = all;
	(void)uv_poll_start(&all->poll, UV_READABLE, on_poll);
	return all;
}

void
streams_close(struct streams *all)
{
	if (all == NULL)
		return;
	uv_close((uv_handle_t *)&all->poll, NULL);
	uv_close((uv_handle_t *)&all->begun_timer, NULL);
	uv_close((uv_handle_t *)&all->idle, NULL);
}

void
streams_free(struct streams *all)
{
	if (all == NULL)
		return;
	free_dead(all);
	(void)close(all->set);
	free(all->in);
	free(all->cipher);
	buf_clear(&all->out);
	free(all);
}
