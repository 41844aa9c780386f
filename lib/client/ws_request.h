/*
 * ws_request.h: the parts of a WebSocket handshake request that RFC 6455 does
 * not fix.
 */
#pragma once

#include "base/buf.h"

struct client_target;

/* Append the request's path, a C string: that of the URL, with its query, and
 * the ticket as one more parameter.  0, or -1 when out of memory. */
int	ws_request_path(struct buf *out, const char *path,
	    const char *ticket);

/* Append the target's origin and headers, as lines that end in CRLF. 0, or -1
 * when out of memory. */
int	ws_request_headers(struct buf *out, const struct client_target *t);

/* Show the request on stderr, one line each after "> ".  Of headers that are
 * credentials, and of the query, only the names are shown. */
void	ws_request_trace(const struct client_target *t, const char *path,
	    const char *authority);
