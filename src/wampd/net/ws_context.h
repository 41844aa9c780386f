/*
 * ws_context.h: the libwebsockets context of the WebSocket transport.
 */
#pragma once

#include <libwebsockets.h>
#include <uv.h>

#include "base/err.h"

struct ws_tls;

/* Bytes of a read.  Each session has such a buffer, and a turn reads at most
 * that much from it. */
#define WS_RX_CLEAR	512
/* With TLS it is a whole record (RFC 8446 section 5.1): if libwebsockets has
 * read a part of a record when the session is paused, it loops for ever.  The
 * buffer takes no memory until it is used. */
#define WS_RX_TLS	(16u << 10)

/* What the transport gives to it. */
struct ws_user {
	uv_loop_t	       *loop;
	lws_callback_function  *callback;
	void		       *arg;		/* lws_context_user() */
	size_t			conn_size;	/* of a struct ws_conn */
	unsigned		handshakes;	/* at most, at one time */
	int64_t			handshake_ms;	/* that each may take */
};

struct ws_context {
	struct lws_context  *lws;	/* owned; NULL: not open */
	struct lws_vhost    *vhost;	/* of lws */
	struct lws_protocols protocols[2];	/* ours, and an empty one */
};

/* Fill *c, which must be zeroed and must not move; lws_context_destroy() ends
 * it.  tls is NULL for clear text, which does not even initialise OpenSSL.  0,
 * or -1 with *e filled. */
int	ws_context_open(struct ws_context *c, const struct ws_user *user,
	    const struct ws_tls *tls, struct errbuf *e);
