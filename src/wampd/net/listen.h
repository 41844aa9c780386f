/*
 * listen.h: opening listening sockets, without a loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/net/unix_socket.h"

struct endpoint;
struct given;

#define LISTEN_MAX	16	/* addresses of one name */

/* The sockets of an address of the configuration. */
struct listen_sockets {
	int	fds[LISTEN_MAX];	/* owned; non-blocking,
					 * close-on-exec */
	size_t	n;
	bool	probe;			/* only bound, for a check */
	struct unix_socket *path;	/* owned; NULL: TCP */
	struct given *given;		/* borrowed; or NULL */
	bool	shared[LISTEN_MAX];	/* the service manager has the socket,
					 * too */
};

/* Listen on each address of the host, or on all addresses of both families.
 * Port 0 stands for a free port, the same on each address.  Sockets of `given`
 * (NULL: none) are taken where they fit.  0, or -1 with nothing open. */
int	listen_open(struct listen_sockets *l, const struct endpoint *at,
	    struct given *given, struct errbuf *e);

/* Take the next socket, or -1 if there is none.  The caller owns it, and also
 * *path, which may be NULL. */
int	listen_take(struct listen_sockets *l, struct unix_socket **path,
	    bool *shared);

/* Append where a socket that was opened for *at listens: "127.0.0.1:8080" or
 * "unix:PATH".  0 or -1. */
int	listen_describe(int fd, const struct endpoint *at, struct buf *out);

/* Close the sockets that were not taken, and remove the path. */
void	listen_close(struct listen_sockets *l);

/* Check whether listen_open() would succeed. */
enum probed listen_probe(const struct endpoint *at, struct errbuf *e);
