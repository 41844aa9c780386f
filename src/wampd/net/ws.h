/*
 * ws.h: the WebSocket transport, libwebsockets on the caller's libuv loop.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "wampd/net/ws_tls.h"

struct broker;
struct ws;

struct ws_settings {
	struct ws_tls tls;		/* may be empty: no TLS */
	int64_t		 handshake;	/* ms that TLS and HTTP may take each */
};

/* NULL with *e filled if libwebsockets or its libuv plugin fails, or the files
 * are not valid. */
struct ws *ws_new(uv_loop_t *loop, struct broker *b,
	    const struct ws_settings *set, struct errbuf *e);

/* Add an accepted TCP or Unix socket.  Takes fd, and closes it on failure.  A
 * later ws_turn() begins its handshake. */
void	ws_adopt(struct ws *w, int fd, bool tls);

/* Let some peers go that have hung up, and, if `admit` is set, begin handshakes
 * of the oldest sockets.  The number of handshakes is bounded, because many of
 * them make libwebsockets slow; the other sockets wait here, not in the
 * kernel's short queue.  Call it once per turn.  Whether there is more to do in
 * the next turn. */
bool	ws_turn(struct ws *w, bool admit);

/* Close everything.  The loop must run until the handles are closed; then call
 * ws_free().  Both accept NULL. */
void	ws_close(struct ws *w);
void	ws_free(struct ws *w);
