/*
 * ws_handshake.h: checking WebSocket handshakes.
 */
#pragma once

struct lws;

/* Check a WebSocket handshake.  0, or -1 if it was answered with an error and
 * the connection must be closed. */
int	ws_handshake_check(struct lws *wsi);

/* Answer a plain HTTP request with an error.  Returns -1, as above. */
int	ws_handshake_refuse_http(struct lws *wsi);
