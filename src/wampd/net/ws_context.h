/*
 * ws_context.h: what libwebsockets is told at the start.
 */
#pragma once

#include <libwebsockets.h>
#include <uv.h>

#include "base/err.h"

struct tls_files;

/* Bytes of a read.  Paid by each session, and bounds how much of a flood one
 * turn reads. */
#define WS_RX_CLEAR	512
/* With TLS that is a whole record (RFC 8446 section 5.1): when libwebsockets
 * has read a part, and the session is paused amid it, it loops for ever.  It
 * costs address space, but no memory until it is used. */
#define WS_RX_TLS	(16u << 10)

/* Who uses it. */
struct ws_user {
	uv_loop_t	       *loop;
	lws_callback_function  *callback;
	void		       *arg;		/* lws_context_user() */
	size_t			conn_size;	/* of memory a connection */
	unsigned		handshakes;	/* at most, at once */
	int64_t			handshake_ms;	/* at most, each */
};

struct ws_context {
	struct lws_context  *lws;	/* owned; NULL: not open */
	struct lws_vhost    *vhost;	/* lws's */
	struct lws_protocols protocols[2];	/* vhost's, and a last one */
};

/* Fill *c, which is zeroed and must not move; tls is NULL for clear text, for
 * which OpenSSL is not even initialised.  lws_context_destroy() ends it.  0,
 * or -1 with *e filled. */
int	ws_context_open(struct ws_context *c, const struct ws_user *user,
	    const struct tls_files *tls, struct errbuf *e);
