/*
 * control_loop.h: the control socket's transport on a loop of its own; see
 * net_loop.h.
 */
#pragma once

#include "fake.h"
#include "net_loop.h"

#define LOOP_LARGE	400000	/* bytes; no socket takes so many at once */
#define MANY		2000	/* messages; one read takes them all */

/* A broker whose queues are small, and that drops nobody for being slow. */
struct loop *loop_open(void);

/* A connection that the broker has not heard of yet; returns our end. */
int	peer_connect(int *theirs);
int	peer_open(struct loop *s);

/* n messages of type 7 or 8 on topic t, numbered. */
struct buf numbered(int type, int n);

/* Has it got n numbered events and nothing else? */
void	check_numbered(const struct buf *got, int n, const char *what);

/* A receiver that sees to it that whoever publishes a lot is paused. */
struct fake_peer *listener(struct loop *s);
