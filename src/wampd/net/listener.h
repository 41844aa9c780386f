/*
 * listener.h: listening sockets on the loop.
 *
 * Each accepts a bounded number of connections per turn, and pauses for a
 * moment when descriptors or memory run out.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "wampd/net/descriptors.h"

struct address;
struct listener;
struct unix_socket;

/* What to do with the peers of a listening socket. */
struct listener_peers {
	enum descriptors_for whom;
	/* Takes fd, which is non-blocking and close-on-exec. */
	void	(*adopt)(void *arg, int fd, const struct address *peer);
	bool	(*make_room)(void *arg);	/* descriptors ran out: close
						 * another connection of the
						 * kind; whether it was
						 * possible.  NULL: it is not */
	void	 *arg;		/* borrowed */
	bool	  stays;	/* not stopped by listeners_rest() */
};

struct listeners {
	uv_loop_t	*loop;	/* borrowed */
	struct listener *first;	/* owned list; NULL: none */
};

/* Accept connections from a listening socket.  Takes fd and path, also on
 * failure; path is NULL for TCP.  0, or -1 with *e filled. */
int	listeners_add(struct listeners *all, int fd, struct unix_socket *path,
	    const struct listener_peers *peers, struct errbuf *e);

/* Give the paths to a user: unix_socket_give(). */
int	listeners_give(const struct listeners *all, uid_t uid, gid_t gid,
	    struct errbuf *e);

/* While the broker drains (on): refuse those who want to connect, so that they
 * go elsewhere.  Later it may listen again. */
void	listeners_rest(struct listeners *all, bool on);

/* Stop accepting, and remove the paths.  The loop must run until the handles
 * are closed. */
void	listeners_close(struct listeners *all);
