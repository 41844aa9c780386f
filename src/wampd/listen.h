/*
 * listen.h: listening sockets, plain and without a loop.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* An address of the configuration may begin with "tls:": what stands behind
 * that, for listen_open().  *tls says whether it does. */
const char *listen_target(const char *address, bool *tls);

/*
 * Listen on "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:8080" (all
 * addresses, both families) or "unix:PATH"; port 0 takes a free one.  The
 * address actually bound is appended to *bound.  The descriptor
 * (non-blocking, close-on-exec), or -1.
 */
int	listen_open(const char *address, struct buf *bound, struct errbuf *e);

/* Whether the text is an address that listen_open() understands, behind
 * "tls:" or not.  0 or -1; nothing is opened. */
int	listen_check(const char *address, struct errbuf *e);

/* Whether the path is short enough for a Unix socket.  0 or -1. */
int	listen_check_path(const char *path, struct errbuf *e);

/*
 * Listen on a Unix socket.  A stale one (nobody answers) is replaced, a live
 * one refused.  The folder is made when it is missing.  gid (gid_t)-1 leaves
 * the group.  The descriptor, or -1.
 */
int	listen_unix(const char *path, mode_t mode, gid_t gid,
	    struct errbuf *e);
