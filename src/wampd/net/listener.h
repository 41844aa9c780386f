/*
 * listener.h: listening sockets on the loop.
 *
 * Each accepts a bounded number of connections a turn.  When descriptors or
 * memory run out, it rests for a moment.
 */
#pragma once

#include <uv.h>

#include "base/err.h"
#include "wampd/net/descriptors.h"

struct listener;
struct unix_socket;

/* What is done with the peers of a socket. */
struct listener_peers {
	enum descriptors_for whom;
	void	(*adopt)(void *arg, int fd);	/* takes fd, non-blocking and
						 * close-on-exec */
	void	 *arg;		/* borrowed */
};

struct listeners {
	uv_loop_t	*loop;	/* borrowed */
	struct listener *first;	/* owned list; NULL: none */
};

/* Accept from a listening socket.  Takes fd and path, which is NULL with TCP,
 * also on failure.  0, or -1 with *e filled. */
int	listeners_add(struct listeners *all, int fd, struct unix_socket *path,
	    const struct listener_peers *peers, struct errbuf *e);

/* Accept no more, and remove the paths.  The loop must run on until the
 * handles are closed. */
void	listeners_close(struct listeners *all);
