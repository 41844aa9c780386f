/*
 * ws_hangup.c: connections whose peers have hung up, a few at a time.
 */
#include "wampd/ws_hangup.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BATCH	1024	/* asked for at once */

TAILQ_HEAD(hangup_list, hangup);

struct hangups {
	uv_poll_t	    poll;	/* of set */
	struct hangup_list  held;	/* oldest first */
	hangup_hold_fn	   *hold;
	unsigned	    left;	/* to be let go in this turn */
	int		    set;	/* epoll's; owned */
	struct epoll_event  found[BATCH];
};

/* One that still has its turn now is not even held. */
static void
hangups_take(struct hangups *all, struct hangup *h)
{
	if (!h->watched)
		return;
	if (all->left > 0) {
		all->left--;
		return;
	}
	h->held = true;
	TAILQ_INSERT_TAIL(&all->held, h, link);
	all->hold(h, true);
}

static void
hangups_collect(struct hangups *all)
{
	int i, n;

	do {
		n = epoll_wait(all->set, all->found, BATCH, 0);
		for (i = 0; i < n; i++)
			hangups_take(all, all->found[i].data.ptr);
	} while (n == BATCH);
}

static void
on_hangups(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	hangups_collect(poll->data);
}

struct hangups *
hangups_new(uv_loop_t *loop, hangup_hold_fn *hold, struct errbuf *e)
{
	struct hangups *all;

	if ((all = calloc(1, sizeof(*all))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	if ((all->set = epoll_create1(EPOLL_CLOEXEC)) == -1) {
		err_set_errno(e, "epoll");
		free(all);
		return NULL;
	}
	if (uv_poll_init(loop, &all->poll, all->set) != 0) {
		err_set(e, "out of memory");
		(void)close(all->set);
		free(all);
		return NULL;
	}
	TAILQ_INIT(&all->held);
	all->hold = hold;
	all->left = HANGUP_TURN;
	all->poll.data = all;
	(void)uv_poll_start(&all->poll, UV_READABLE, on_hangups);
	return all;
}

static void
hangup_let_go(struct hangups *all, struct hangup *h)
{
	TAILQ_REMOVE(&all->held, h, link);
	h->held = false;
	all->hold(h, false);
}

/* In a crowd, those who came meanwhile are held before the loop finds them. */
bool
hangups_turn(struct hangups *all)
{
	struct hangup *h;

	all->left = HANGUP_TURN;
	while (all->left > 0 && (h = TAILQ_FIRST(&all->held)) != NULL) {
		hangup_let_go(all, h);
		all->left--;
	}
	if (all->left == 0)
		hangups_collect(all);
	return !TAILQ_EMPTY(&all->held);
}

int
hangup_watch(struct hangups *all, struct hangup *h, int fd)
{
	struct epoll_event ev = {
		.events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = h
	};

	if (epoll_ctl(all->set, EPOLL_CTL_ADD, fd, &ev) == -1)
		return -1;
	h->watched = true;
	return 0;
}

void
hangup_forget(struct hangups *all, struct hangup *h)
{
	h->watched = false;
	if (h->held)
		TAILQ_REMOVE(&all->held, h, link);
	h->held = false;
}

static void
on_closed(uv_handle_t *handle)
{
	struct hangups *all = handle->data;

	(void)close(all->set);
	all->set = -1;
}

void
hangups_close(struct hangups *all)
{
	if (all != NULL)
		uv_close((uv_handle_t *)&all->poll, on_closed);
}

void
hangups_free(struct hangups *all)
{
	free(all);
}
