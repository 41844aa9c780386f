/*
 * ws_hangup.c: closing the connections of a crowd, a few per turn.
 */
#include "wampd/net/ws_hangup.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH	1024	/* events per epoll_wait() */
#define CALM	4096	/* loud peers checked per call of on_calm() */

#define OPCODE	0x0f	/* of a frame's first byte (RFC 6455 section 5.2) */
#define CLOSE	0x08

TAILQ_HEAD(hangup_list, ws_hangup);

struct ws_hangups {
	uv_poll_t	    poll;	/* of set */
	uv_timer_t	    calm;	/* runs while loud is not empty */
	struct hangup_list  held;	/* oldest first */
	struct hangup_list  loud;	/* oldest first */
	ws_hangup_hold_fn	   *hold;
	unsigned	    left;	/* peers that may still leave now */
	int		    set;	/* owned; of epoll */
	struct epoll_event  found[BATCH];
};

/* ---- what to watch for ---- */

/* Watch for one hang-up, and for input if the peer is quiet and without TLS. */
static int
hangup_ask(struct ws_hangups *all, struct ws_hangup *h, int op, bool quiet)
{
	struct epoll_event ev = {
		.events = EPOLLRDHUP | EPOLLONESHOT |
		    (quiet && h->clear ? EPOLLIN : 0),
		.data.ptr = h,
	};

	return epoll_ctl(all->set, op, h->fd, &ev);
}

static void on_calm(uv_timer_t *timer);

/* The peer has sent something: do not watch its input until it is quiet. */
static void
hangup_be_loud(struct ws_hangups *all, struct ws_hangup *h)
{
	(void)hangup_ask(all, h, EPOLL_CTL_MOD, false);
	if (TAILQ_EMPTY(&all->loud))
		(void)uv_timer_start(&all->calm, on_calm, HANGUP_QUIET, 0);
	h->heard = (int64_t)uv_now(all->poll.loop);
	h->loud = true;
	TAILQ_INSERT_TAIL(&all->loud, h, link);
}

static void
on_calm(uv_timer_t *timer)
{
	struct ws_hangups *all = timer->data;
	int64_t now = (int64_t)uv_now(all->poll.loop);
	struct ws_hangup *h;
	int n;

	for (n = 0; n < CALM && (h = TAILQ_FIRST(&all->loud)) != NULL; n++) {
		TAILQ_REMOVE(&all->loud, h, link);
		if (now - h->heard < HANGUP_QUIET) {
			TAILQ_INSERT_TAIL(&all->loud, h, link);
			continue;
		}
		h->loud = false;
		(void)hangup_ask(all, h, EPOLL_CTL_MOD, true);
	}
	if (!TAILQ_EMPTY(&all->loud))
		(void)uv_timer_start(timer, on_calm, n < CALM ? HANGUP_QUIET :
		    HANGUP_QUIET / 10, 0);
}

/* ---- peers that leave ---- */

/* Whether its next input is a close frame. */
static bool
hangup_says_goodbye(const struct ws_hangup *h)
{
	unsigned char first;

	return h->clear && recv(h->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) ==
	    1 && (first & OPCODE) == CLOSE;
}

/* Handle the events of a peer.  If it may still leave in this turn, it is not
 * held. */
static void
hangups_take(struct ws_hangups *all, struct ws_hangup *h, uint32_t events)
{
	if (!h->watched)
		return;
	if (!(events & ~EPOLLIN) && !hangup_says_goodbye(h)) {
		hangup_be_loud(all, h);
		return;
	}
	if (h->loud)
		TAILQ_REMOVE(&all->loud, h, link);
	h->loud = false;
	if (all->left > 0) {
		all->left--;
		return;
	}
	h->held = true;
	TAILQ_INSERT_TAIL(&all->held, h, link);
	all->hold(h, true);
}

static void
hangups_collect(struct ws_hangups *all)
{
	int i, n;

	do {
		n = epoll_wait(all->set, all->found, BATCH, 0);
		for (i = 0; i < n; i++)
			hangups_take(all, all->found[i].data.ptr,
			    all->found[i].events);
	} while (n == BATCH);
}

static void
on_hangups(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	hangups_collect(poll->data);
}

struct ws_hangups *
ws_hangups_new(uv_loop_t *loop, ws_hangup_hold_fn *hold, struct errbuf *e)
{
	struct ws_hangups *all;

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
	(void)uv_timer_init(loop, &all->calm);
	TAILQ_INIT(&all->held);
	TAILQ_INIT(&all->loud);
	all->hold = hold;
	all->left = HANGUP_TURN;
	all->poll.data = all->calm.data = all;
	(void)uv_poll_start(&all->poll, UV_READABLE, on_hangups);
	return all;
}

static void
hangup_let_go(struct ws_hangups *all, struct ws_hangup *h)
{
	TAILQ_REMOVE(&all->held, h, link);
	h->held = false;
	all->hold(h, false);
}

/* If many leave, those who came since are collected and held, before the loop
 * finds them. */
bool
ws_hangups_turn(struct ws_hangups *all)
{
	struct ws_hangup *h;

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
ws_hangup_watch(struct ws_hangups *all, struct ws_hangup *h, int fd, bool clear)
{
	h->fd = fd;
	h->clear = clear;
	if (hangup_ask(all, h, EPOLL_CTL_ADD, true) == -1)
		return -1;
	h->watched = true;
	return 0;
}

void
ws_hangup_forget(struct ws_hangups *all, struct ws_hangup *h)
{
	h->watched = false;
	if (h->held)
		TAILQ_REMOVE(&all->held, h, link);
	if (h->loud)
		TAILQ_REMOVE(&all->loud, h, link);
	h->held = h->loud = false;
}

static void
on_closed(uv_handle_t *handle)
{
	struct ws_hangups *all = handle->data;

	(void)close(all->set);
	all->set = -1;
}

void
ws_hangups_close(struct ws_hangups *all)
{
	if (all == NULL)
		return;
	uv_close((uv_handle_t *)&all->calm, NULL);
	uv_close((uv_handle_t *)&all->poll, on_closed);
}

void
ws_hangups_free(struct ws_hangups *all)
{
	free(all);
}
