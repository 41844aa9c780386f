/*
 * listen.h: listening sockets, plain and without a loop.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct unix_socket;

/* Every browser comes back after a restart; the kernel takes what
 * net.core.somaxconn allows. */
#define LISTEN_BACKLOG	65535

/* An address of the configuration may begin with "tls:": what stands behind
 * that, for listen_open().  *tls says whether it does. */
const char *listen_target(const char *address, bool *tls);

/*
 * Listen on "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:8080" (all
 * addresses, both families) or "unix:PATH"; port 0 takes a free one.  The
 * address actually bound is appended to *bound.  *path is for
 * unix_socket_close() at the end, or NULL.  The descriptor (non-blocking,
 * close-on-exec), or -1.
 */
int	listen_open(const char *address, struct unix_socket **path,
	    struct buf *bound, struct errbuf *e);

/* Whether the text is an address that listen_open() understands, behind
 * "tls:" or not.  0 or -1; nothing is opened. */
int	listen_check(const char *address, struct errbuf *e);
