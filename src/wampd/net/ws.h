/*
 * ws.h: the WebSocket transport, libwebsockets on the caller's libuv loop.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "wampd/net/tls.h"

struct broker;
struct ws;

struct ws_settings {
	struct tls_files tls;		/* without, TLS costs nothing */
	int64_t		 handshake;	/* ms: bound on TLS, and on HTTP */
};

/* NULL with *e filled when libwebsockets or its libuv plugin fails, or the
 * files are not good. */
struct ws *ws_new(uv_loop_t *loop, struct broker *b,
	    const struct ws_settings *set, struct errbuf *e);

/* Take over an accepted TCP or Unix socket; closed when that fails.  Its
 * handshake begins with ws_turn(). */
void	ws_adopt(struct ws *w, int fd, bool tls);

/* Do what is left of other turns: let peers go that have hung up, and, if
 * `admit`, begin handshakes, oldest socket first, as many as may be under way
 * at once; so a crowd neither waits in the kernel's short queue of connections,
 * nor makes libwebsockets slow.  To be called once a turn, and cheap; whether
 * there is more to do at once. */
bool	ws_turn(struct ws *w, bool admit);

/* Close everything.  The loop must run on until its handles are gone, then
 * ws_free().  NULL is fine for both. */
void	ws_close(struct ws *w);
void	ws_free(struct ws *w);
