/*
 * net_loop.h: the transports on a loop of their own, with the other ends of
 * their sockets in the test's hands.
 *
 * Nothing is timed: a loop that has nothing to do is one whose descriptors
 * are quiet, and one that never gets there shows by its turns.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/buf.h"
#include "wampd/core/broker.h"
#include "wampd/net/control.h"
#include "wampd/net/stream.h"
#include "wampd/net/ws.h"

#define TURNS_MAX	100000	/* a loop that takes more never rests */

struct loop {
	uv_loop_t	loop;
	uv_prepare_t	prepare;
	uv_idle_t	idle;		/* keeps the loop from sleeping */
	struct broker  *broker;
	struct streams *streams;
	struct control *control;	/* NULL: none */
	struct ws      *ws;		/* likewise */
};

/* A broker with these settings, and streams, but no transport yet. */
struct loop *loop_new(const struct broker_settings *set);
void	loop_close(struct loop *s);

/* Let turns end again, after uv_prepare_stop(). */
void	loop_start(struct loop *s);

/* End libuv's threads, which keep memory of OpenSSL.  No loop works then. */
void	loop_end_threads(void);

void	loop_turn(struct loop *s);

/* Turn until there is nothing more to do; false when there always is. */
bool	loop_settle(struct loop *s);

/* A connection that the broker has not heard of yet; returns our end.  type:
 * SOCK_STREAM, or SOCK_SEQPACKET, which keeps what was written at once apart
 * from the rest. */
int	peer_pair(int type, int *theirs);

/* The same over TCP. */
int	peer_tcp(int *theirs);

/* Write as much as the socket takes; how much that was. */
size_t	peer_write(int fd, struct slice bytes);

/* Say something that fits into the socket. */
void	peer_say(int fd, const char *text);

/* Take what has come; whether the connection still stands. */
bool	peer_read(int fd, struct buf *out);

/* Settle and read until there is nothing more; as peer_read(). */
bool	peer_hear(struct loop *s, int fd, struct buf *out);
