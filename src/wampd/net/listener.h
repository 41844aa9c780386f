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
	bool	  shared;	/* the service manager has the socket, too */
	const char *kind;	/* static; "wss", for another wampd */
	const char *text;	/* borrowed; as in the configuration */
};

struct listeners {
	uv_loop_t	*loop;	/* borrowed */
	struct listener *first;	/* owned list, in the order of
				 * adding; NULL: none */
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

/* Tell about each: for the process that takes over.  Stops if fn returns -1,
 * and returns what it returned. */
int	listeners_each(const struct listeners *all, int (*fn)(void *arg, int fd,
	    const struct unix_socket *path, const struct listener_peers *peers),
	    void *arg);

/* The paths are ours from now on: no other process removes them any more. */
void	listeners_own(struct listeners *all);

/* Another process has the sockets from now on: close them, and leave their
 * paths.  The loop must run until the handles are closed. */
void	listeners_leave(struct listeners *all);

/* Stop accepting, and remove the paths.  The loop must run until the handles
 * are closed. */
void	listeners_close(struct listeners *all);
