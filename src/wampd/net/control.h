/*
 * control.h: the control socket's transport: WAMP messages, one a line.
 *
 * The peer is known by its credentials (SO_PEERCRED); its principal is
 * local:<user>.  A peer may shut its writing side when it has sent everything,
 * and still gets events, as in `echo '[5,"t"]' | socat -t 60 - UNIX:…`.
 */
#pragma once

#include "base/err.h"

struct broker;
struct control;
struct streams;

/* Both are borrowed.  NULL with *e filled when out of memory. */
struct control *control_new(struct streams *streams, struct broker *b,
	    struct errbuf *e);

/* Make a session of an accepted, non-blocking Unix socket.  Takes fd, and
 * closes it on failure. */
void	control_adopt(struct control *t, int fd);

/* Free it; all sessions must be gone.  NULL is fine. */
void	control_free(struct control *t);
