/*
 * reach.h: finds the address of a name that answers.
 *
 * A name may have several addresses of both families, and a server need not
 * listen on all of them.  For example, "localhost" is ::1 and 127.0.0.1 on most
 * machines.
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

/* When to give up: at a time of clock_ms(), -1 for never, or when a descriptor
 * (-1: none) is readable, which sets *woken. */
struct reach_end {
	int64_t until_ms;
	int	wake_fd;
	bool	woken;
};

/* Look a name up.  Free *found with freeaddrinfo().  0, or -1 with *e
 * filled. */
int	reach_lookup(struct addrinfo **found, const char *host, int port,
	    struct errbuf *e);

/*
 * Look a name up and find the first of its addresses that accepts a connection,
 * as reach_first() does.  If there is only one address, it is not tried,
 * because the caller will connect to it.  EXIT_DONE, or with *e filled
 * EXIT_CONNECT or EXIT_TIMEOUT.
 */
enum exit_status reach_name(struct reach *r, const char *host, int port,
	    struct reach_end *end, struct errbuf *e);

/*
 * Try the addresses in turn (RFC 8305).  Each attempt begins when the one
 * before has failed, or has not succeeded for a moment.  All attempts continue
 * until one succeeds.  The connection is closed again.
 */
enum exit_status reach_first(struct reach *r, const struct addrinfo *list,
	    struct reach_end *end, struct errbuf *e);
