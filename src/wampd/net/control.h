/*
 * control.h: the control socket's transport: WAMP messages, one a line.
 *
 * The peer is known by its credentials (SO_PEERCRED); its principal is
 * local:<user>.  A peer may shut its writing side when it has sent everything,
 * and still gets events, as in `echo '[5,"t"]' | socat -t 60 - UNIX:…`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/slice.h"

struct broker;
struct control;
struct session;
struct streams;
struct ucred;

/* Both are borrowed.  NULL with *e filled when out of memory. */
struct control *control_new(struct streams *streams, struct broker *b,
	    struct errbuf *e);

/* Make a session of an accepted, non-blocking Unix socket.  Takes fd, and
 * closes it on failure. */
void	control_adopt(struct control *t, int fd);

/* Free it; all sessions must be gone.  NULL is fine. */
void	control_free(struct control *t);

/* The process at the other end.  False if it is no session of the control
 * socket. */
bool	control_peer(const struct session *s, struct ucred *out);

/* Send a line, with its newline, and copies of n descriptors with it.  0, or -1
 * with errno, also if other lines are still queued. */
int	control_send(struct session *s, struct slice line, const int *fds,
	    size_t n);
