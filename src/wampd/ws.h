/*
 * ws.h: the WebSocket transport, libwebsockets on the caller's libuv loop.
 */
#pragma once

#include <uv.h>

#include "base/err.h"

struct broker;
struct ws;

/* NULL with *e filled when libwebsockets or its libuv plugin fails. */
struct ws *ws_new(uv_loop_t *loop, struct broker *b, struct errbuf *e);

/* Take over an accepted TCP or Unix socket; closed when that fails.  Its
 * handshake begins with ws_admit(). */
void	ws_adopt(struct ws *w, int fd);

/* Begin handshakes, oldest socket first, as many as may be under way at once.
 * To be called once a turn, and cheap: so a crowd neither waits in the
 * kernel's short queue of connections, nor makes libwebsockets slow. */
void	ws_admit(struct ws *w);

/* Close everything.  The loop must run on until its handles are gone, then
 * ws_free().  NULL is fine for both. */
void	ws_close(struct ws *w);
void	ws_free(struct ws *w);
