/*
 * reach.h: which address of a name answers.
 *
 * A name may have several, of both families, and a server need not listen on
 * all of them: "localhost" is ::1 and 127.0.0.1 on most machines.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/exit.h"

struct addrinfo;

struct reach {
	struct sockaddr_storage addr;
	socklen_t len;
	int	  error;	/* errno of EXIT_CONNECT; 0: of the lookup */
};

/* When to give up: a time of clock_ms(), -1 for never, or as soon as a
 * descriptor (-1: none) is readable, which sets *woken. */
struct reach_end {
	int64_t until_ms;
	int	wake_fd;
	bool	woken;
};

/* Look a name up.  *found is to be freed with freeaddrinfo().  0, or -1 with *e
 * filled. */
int	reach_lookup(struct addrinfo **found, const char *host, int port,
	    struct errbuf *e);

/*
 * Look a name up and find the first of its addresses that takes a connection,
 * as reach_first() does.  The only address of a name is not tried: whoever
 * connects will see.  EXIT_DONE, or with *e filled EXIT_CONNECT or
 * EXIT_TIMEOUT.
 */
enum exit_status reach_name(struct reach *r, const char *host, int port,
	    struct reach_end *end, struct errbuf *e);

/*
 * Try the addresses in turn: each begins when the one before has failed, or
 * has not answered for a moment, and all go on until one answers (RFC 8305).
 * The connection is closed again.
 */
enum exit_status reach_first(struct reach *r, const struct addrinfo *list,
	    struct reach_end *end, struct errbuf *e);
