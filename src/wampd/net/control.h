/*
 * control.h: the control socket's transport: WAMP messages, one a line.
 *
 * The peer is known by its credentials (SO_PEERCRED): its principal is
 * local:<user>.  A peer that has said all it wants may shut its writing side
 * and still hear events, as `echo '[5,"t"]' | socat -t 60 - UNIX:…` does.
 */
#pragma once

#include <uv.h>

#include "base/err.h"

struct broker;
struct control;

struct control *control_new(uv_loop_t *loop, struct broker *b,
	    struct errbuf *e);

/* Take over an accepted Unix socket, non-blocking; closed when that fails. */
void	control_adopt(struct control *t, int fd);

/* Close its handles; all sessions must be gone.  The loop must run on until
 * the handles are closed, then control_free(). NULL is fine for both. */
void	control_close(struct control *t);
void	control_free(struct control *t);
