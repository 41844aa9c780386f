/*
 * control.h: the control socket's transport: WAMP messages, one a line.
 *
 * The peer is known by its credentials (SO_PEERCRED); its principal is
 * local:<user>.  A peer may shut its writing side when it has sent everything,
 * and still gets events, as in `echo '[5,"t"]' | socat -t 60 - UNIX:…`.
 */
#pragma once

#include <uv.h>

#include "base/err.h"

struct broker;
struct control;

struct control *control_new(uv_loop_t *loop, struct broker *b,
	    struct errbuf *e);

/* Make a session of an accepted, non-blocking Unix socket.  Takes fd, and
 * closes it on failure. */
void	control_adopt(struct control *t, int fd);

/* Close its handles; all sessions must be gone.  The loop must run until the
 * handles are closed; then call control_free().  Both accept NULL. */
void	control_close(struct control *t);
void	control_free(struct control *t);
