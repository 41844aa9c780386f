/*
 * ws_handshake.h: what a WebSocket handshake must have.
 */
#pragma once

struct lws;

/* Whether the request is a WebSocket handshake to be accepted; otherwise it
 * is answered.  0, or -1: the connection is to be closed. */
int	ws_handshake_check(struct lws *wsi);

/* Answer a plain HTTP request.  -1, as above. */
int	ws_handshake_refuse_http(struct lws *wsi);
