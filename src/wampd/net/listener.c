/*
 * listener.c: listening sockets on the loop.
 */
#include "wampd/net/listener.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "wampd/core/address.h"
#include "wampd/net/unix_socket.h"

#define ACCEPT_BATCH	512	/* connections per listener and turn */
#define ACCEPT_PAUSE	100	/* ms, after descriptors ran out */

struct listener {
	struct listener *next;		/* listeners->first */
	uv_poll_t	 poll;
	uv_timer_t	 pause;		/* accepts again when it fires */
	int		 fd;		/* owned */
	struct unix_socket *path;	/* owned, or NULL */
	struct listener_peers peers;
	bool		 full;		/* logged that descriptors ran out */
	bool		 resting;	/* see listeners_rest() */
};

static void on_accept(uv_poll_t *handle, int status, int events);

static void
on_pause_over(uv_timer_t *timer)
{
	struct listener *l = timer->data;

	(void)uv_poll_start(&l->poll, UV_READABLE, on_accept);
}

/* Descriptors or memory ran out, as errno says.  The socket stays readable, so
 * stop watching it for a while, unless another connection can go. */
static void
listener_rest(struct listener *l)
{
	int error = errno;

	if (l->peers.make_room != NULL && l->peers.make_room(l->peers.arg))
		return;
	errno = error;
	if (!l->full)
		log_err_errno("cannot accept connections");
	l->full = true;
	(void)uv_poll_stop(&l->poll);
	(void)uv_timer_start(&l->pause, on_pause_over, ACCEPT_PAUSE, 0);
}

static void
on_accept(uv_poll_t *handle, int status, int events)
{
	struct listener *l = handle->data;
	int end = descriptors_end(l->peers.whom);
	bool left = descriptors_left(end);
	struct address peer;
	socklen_t len;
	int fd, i;

	(void)status;
	(void)events;
	for (i = 0; i < ACCEPT_BATCH; i++) {
		if (!left) {
			errno = EMFILE;
			listener_rest(l);
			return;
		}
		len = sizeof(peer.u);
		fd = accept4(l->fd, &peer.u.sa, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		left = fd < end;
		if (fd != -1 && l->resting) {
			(void)close(fd);
		} else if (fd != -1) {
			l->peers.adopt(l->peers.arg, fd, &peer);
		} else if (errno == EMFILE || errno == ENFILE ||
		    errno == ENOMEM || errno == ENOBUFS) {
			listener_rest(l);
			return;
		} else if (errno == EAGAIN) {
			l->full = false;
			return;
		}
	}
}

int
listeners_add(struct listeners *all, int fd, struct unix_socket *path,
    const struct listener_peers *peers, struct errbuf *e)
{
	struct listener *l, **last;

	if ((l = calloc(1, sizeof(*l))) == NULL ||
	    uv_poll_init(all->loop, &l->poll, fd) != 0) {
		free(l);
		(void)close(fd);
		unix_socket_close(path);
		err_set(e, "out of memory");
		return -1;
	}
	(void)uv_timer_init(all->loop, &l->pause);
	l->poll.data = l->pause.data = l;
	l->fd = fd;
	l->path = path;
	l->peers = *peers;
	for (last = &all->first; *last != NULL; last = &(*last)->next)
		;
	*last = l;
	(void)uv_poll_start(&l->poll, UV_READABLE, on_accept);
	return 0;
}

int
listeners_give(const struct listeners *all, uid_t uid, gid_t gid,
    struct errbuf *e)
{
	const struct listener *l;

	for (l = all->first; l != NULL; l = l->next)
		if (l->path != NULL && unix_socket_give(l->path, uid, gid,
		    e) == -1)
			return -1;
	return 0;
}

/* A TCP socket that was shut down refuses connections, and can listen again.  A
 * Unix socket could not: there, whoever connects is closed at once.  At a
 * socket that the service manager has, too, clients wait for the next
 * process. */
static void
listener_rest_now(struct listener *l, bool on)
{
	l->resting = on;
	if (l->path != NULL && !l->peers.shared)
		return;
	(void)uv_timer_stop(&l->pause);
	if (on) {
		(void)uv_poll_stop(&l->poll);
		if (!l->peers.shared)
			(void)shutdown(l->fd, SHUT_RD);
	} else if (l->peers.shared || listen(l->fd, SOCKET_BACKLOG) == 0) {
		(void)uv_poll_start(&l->poll, UV_READABLE, on_accept);
	} else {
		log_err_errno("cannot listen again");
	}
}

void
listeners_rest(struct listeners *all, bool on)
{
	struct listener *l;

	for (l = all->first; l != NULL; l = l->next)
		if (!l->peers.stays && l->resting != on)
			listener_rest_now(l, on);
}

static void
on_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	(void)close(l->fd);
	free(l);
}

static void
on_pause_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	uv_close((uv_handle_t *)&l->poll, on_closed);
}

int
listeners_each(const struct listeners *all, int (*fn)(void *arg, int fd,
    const struct unix_socket *path, const struct listener_peers *peers),
    void *arg)
{
	const struct listener *l;
	int rc = 0;

	for (l = all->first; rc != -1 && l != NULL; l = l->next)
		rc = fn(arg, l->fd, l->path, &l->peers);
	return rc;
}

void
listeners_own(struct listeners *all)
{
	struct listener *l;

	for (l = all->first; l != NULL; l = l->next)
		if (l->path != NULL && !l->peers.shared)
			unix_socket_own(l->path);
}

void
listeners_leave(struct listeners *all)
{
	struct listener *l;

	for (l = all->first; l != NULL; l = l->next)
		if (l->path != NULL)
			unix_socket_leave(l->path);
	listeners_close(all);
}

void
listeners_close(struct listeners *all)
{
	struct listener *l;

	while ((l = all->first) != NULL) {
		all->first = l->next;
		unix_socket_close(l->path);
		(void)uv_poll_stop(&l->poll);
		uv_close((uv_handle_t *)&l->pause, on_pause_closed);
	}
}
