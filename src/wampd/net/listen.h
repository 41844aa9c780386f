/*
 * listen.h: listening sockets, plain and without a loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/net/unix_socket.h"

struct endpoint;

#define LISTEN_MAX	16	/* addresses of one name */

/* What stands for one address of the configuration. */
struct listen_sockets {
	int	fds[LISTEN_MAX];	/* owned; non-blocking,
					 * close-on-exec */
	size_t	n;
	bool	probe;			/* bound only, to see whether they
					 * can be */
	struct unix_socket *path;	/* for unix_socket_close() at the end;
					 * NULL: TCP */
};

/* Listen there: on each address of a host's name, or on all addresses of both
 * families.  Port 0 takes a free one, the same for all.  0, or -1 with nothing
 * open. */
int	listen_open(struct listen_sockets *l, const struct endpoint *at,
	    struct errbuf *e);

/* The next of them, which becomes the caller's, and so does *path, unless
 * NULL; -1: there is none. */
int	listen_take(struct listen_sockets *l, struct unix_socket **path);

/* Append where a socket that was opened for it listens: "127.0.0.1:8080" or
 * "unix:PATH".  0 or -1. */
int	listen_describe(int fd, const struct endpoint *at, struct buf *out);

/* Close those that nobody has taken, and remove the path. */
void	listen_close(struct listen_sockets *l);

/* Whether listen_open() could. */
enum probed listen_probe(const struct endpoint *at, struct errbuf *e);
