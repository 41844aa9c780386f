/*
 * listen.h: listening sockets, plain and without a loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct unix_socket;

/* Every browser comes back after a restart; the kernel takes what
 * net.core.somaxconn allows. */
#define LISTEN_BACKLOG	65535

/* An address of the configuration may begin with "tls:": what stands behind
 * that, for listen_open().  *tls says whether it does. */
const char *listen_target(const char *address, bool *tls);

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

/*
 * Listen on "127.0.0.1:8080", "[::1]:8080", "localhost:8080" (each address of
 * that name), "*:8080" (all addresses, both families) or "unix:PATH"; port 0
 * takes a free one, the same for all.  0, or -1 with nothing open.
 */
int	listen_open(struct listen_sockets *l, const char *address,
	    struct errbuf *e);

/* The next of them, which becomes the caller's, and so does *path, unless
 * NULL; -1: there is none. */
int	listen_take(struct listen_sockets *l, struct unix_socket **path);

/* Append where the socket of that address of the configuration listens:
 * "127.0.0.1:8080" or "unix:PATH".  0 or -1. */
int	listen_describe(int fd, const char *address, struct buf *out);

/* Close those that nobody has taken, and remove the path. */
void	listen_close(struct listen_sockets *l);

/* Whether the text is an address that listen_open() understands, behind
 * "tls:" or not.  0 or -1; nothing is opened. */
int	listen_check(const char *address, struct errbuf *e);

enum listen_probed { LISTEN_FREE, LISTEN_BUSY, LISTEN_FAILS };

/* Whether listen_open() could: nothing is made or removed, and nobody is
 * listened to.  LISTEN_BUSY: another process has it, perhaps a wampd that this
 * one shall replace.  *e is filled but for LISTEN_FREE. */
enum listen_probed listen_probe(const char *address, struct errbuf *e);
