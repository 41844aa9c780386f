/*
 * lws_server.h: libwebsockets as a server of HTTP on the loop of the WebSocket
 * transport, which hands connections over to it (wampd/net/site.h).
 *
 * What it answers depends on the path:
 *
 *	/files/large	LWS_SERVER_LARGE bytes, in pieces
 *	/files/stored	the same, by lws_serve_http_file()
 *	/files/silent	as another one, but not before lws_server_speak()
 *	/files/nothing	nothing; the connection is closed
 *	/files/half	the head and a half of the body
 *	another one	a line with the verdict of the door, see
 *			lws_server_line()
 */
#pragma once

#include <libwebsockets.h>
#include <stdbool.h>
#include <uv.h>

#include "base/buf.h"
#include "wampd/net/site.h"

#define LWS_SERVER_LARGE	(8u << 20)

struct lws_server {
	struct site_server site;	/* for ws_serve() */
	struct lws_context *context;	/* owned */
	struct lws_vhost *vhost;	/* of the context */
	struct lws_protocols protocols[2];
	const struct site_visit *visit;	/* the one that is being taken */
	struct buf	 heads;		/* owned; all that were handed over */
	unsigned	 visits;	/* that were handed over */
	unsigned	 requests;	/* that it has read */
	unsigned	 open;		/* connections */
	struct lws	*silent;	/* of the context; NULL: none */
	size_t		 written;	/* bytes of the large body */
	char		 stored[32];	/* the path of a file; removed at the
					 * end */
};

/* It must not move.  A failure ends the program. */
void	lws_server_open(struct lws_server *s, uv_loop_t *loop);

/* Close it; when the loop has closed its handles, free it. */
void	lws_server_close(struct lws_server *s);
void	lws_server_free(struct lws_server *s);

/* Answer the request that was not answered. */
void	lws_server_speak(struct lws_server *s);

/* Append the line that it answers: what the door has said about a request. */
void	lws_server_line(struct buf *out, struct slice path,
	    struct slice peer, const char *principal, bool tls);

/* Whether the bytes are the large body, or the beginning of it. */
bool	lws_server_is_large(struct slice body);
