/*
 * drain.h: ending all sessions of remote peers, each at a random time.
 *
 * After a restart all clients come back at once.  A drain ends their sessions
 * over a time instead, the spread: each session ends at a time of its own,
 * which is uniformly distributed over the spread and cannot be foreseen.
 *
 * A session that has a queue, or waits for an answer, is ended once it has
 * got that, or after DRAIN_PATIENCE.  Sessions of the control socket stay, so
 * that administrators can watch.  The caller stops the broker when the drain is
 * over.
 *
 * A turn looks at DRAIN_PIECE sessions, every DRAIN_PAUSE.  So a session may
 * live longer than its time: with 100 000 sessions, by a second.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wampd/core/cursor.h"

struct broker;

#define DRAIN_PIECE	1024	/* sessions that a turn looks at */
#define DRAIN_PAUSE	10	/* ms between these turns */
#define DRAIN_PATIENCE	5000	/* ms that a busy session may live longer */

struct drain {
	bool	 on;
	bool	 final;		/* it cannot be cancelled */
	bool	 over;		/* no session of a remote peer is left */
	int64_t	 began;		/* ms, monotonic */
	int64_t	 spread;	/* ms */
	uint64_t salt;		/* makes the times unforeseeable */
	int64_t	 next;		/* ms, monotonic: of the next piece */
	struct cursor cursor;	/* in broker->cursors while it is on */
	size_t	 seen;		/* sessions that stay, in this walk */
	size_t	 left;		/* the same, in the last walk */
};

/* Begin a drain.  If there is one, its times are made anew.  final: it cannot
 * be cancelled. */
void	drain_begin(struct broker *b, int64_t spread, bool final);

/* Let the sessions that are left stay.  False if it cannot be cancelled. */
bool	drain_cancel(struct broker *b);

/* Sessions of remote peers that are left; exact to one walk. */
size_t	drain_left(const struct broker *b);

/* Append the members of wampd.info, with a comma in front: "draining", and
 * while it is on "drain":{"remaining":…,"until":…}.  0 or -1. */
int	drain_describe(const struct broker *b, struct buf *out);

/* End the sessions whose time has come.  Returns in how many ms to call it
 * again.  To be called only while a drain is on. */
int64_t	drain_tick(struct broker *b);
