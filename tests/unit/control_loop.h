/*
 * control_loop.h: the control socket's transport on a loop of its own, with
 * the other ends of its sockets in the test's hands.
 *
 * Nothing is timed: a loop that has nothing to do is one whose descriptors
 * are quiet, and one that never gets there shows by its turns.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/buf.h"
#include "fake.h"
#include "wampd/net/control.h"
#include "wampd/net/stream.h"

#define LOOP_LARGE	400000	/* bytes; no socket takes so many at once */
#define MANY		2000	/* messages; one read takes them all */
#define TURNS_MAX	100000	/* a loop that takes more never rests */

struct loop {
	uv_loop_t	loop;
	uv_prepare_t	prepare;
	struct broker  *broker;
	struct streams *streams;
	struct control *control;
};

/* A broker whose queues are small, and that drops nobody for being slow. */
struct loop *loop_open(void);
void	loop_close(struct loop *s);

void	loop_turn(struct loop *s);

/* Turn until there is nothing more to do; false when there always is. */
bool	loop_settle(struct loop *s);

/* A connection that the broker has not heard of yet; returns our end. */
int	peer_connect(int *theirs);
int	peer_open(struct loop *s);

/* Write as much as the socket takes; how much that was. */
size_t	peer_write(int fd, struct slice bytes);

/* Say something that fits into the socket. */
void	peer_say(int fd, const char *text);

/* Read until there is nothing more; whether the connection still stands. */
bool	peer_hear(struct loop *s, int fd, struct buf *out);

/* n messages of type 7 or 8 on topic t, numbered. */
struct buf numbered(int type, int n);

/* Has it got n numbered events and nothing else? */
void	check_numbered(const struct buf *got, int n, const char *what);

/* A receiver that sees to it that whoever publishes a lot is paused. */
struct fake_peer *listener(struct loop *s);
