/*
 * endpoint.h: an address to listen on, as users write it.
 *
 * Nothing here opens a socket or asks for a name: what reads a configuration
 * takes addresses apart, and what has the sockets opens them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct endpoint {
	const char *text;	/* borrowed; as written, without "proxy:" and
				 * "tls:" */
	const char *path;	/* part of text; NULL: TCP */
	bool	    tls;
	bool	    proxy;	/* peers send a PROXY header first */
	char	    host[256];	/* of TCP; empty: all addresses */
	char	    port[8];	/* of TCP; decimal, without leading zeros */
};

struct endpoint_list {
	struct endpoint *v;	/* owned array */
	size_t		 n;
};

/*
 * Read "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:8080" (all
 * addresses), one of these behind "tls:", or "unix:PATH"; each also behind
 * "proxy:".  0, or -1 with *e filled.
 */
int	endpoint_parse(struct endpoint *at, const char *text,
	    struct errbuf *e);

/* Read one and append it to the list.  0, or -1 with *e filled. */
int	endpoint_add(struct endpoint_list *l, const char *text,
	    struct errbuf *e);
