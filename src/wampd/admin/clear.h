/*
 * clear.h: the procedures that drop what topics keep, in pieces, one per turn.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

struct admin;
struct call;

#define CLEAR_PIECE	2048	/* topics looked at, and events dropped, per
				 * turn */

struct clear;
TAILQ_HEAD(clears, clear);

/* wampd.retained.clear and wampd.history.clear: topic, or prefix,
 * {"match":"prefix"}.  Answered when all is dropped that was kept at the time
 * of the call. */
int	admin_retained_clear(struct call *c);
int	admin_history_clear(struct call *c);

/* Make the next piece.  Returns 0 if it must be called in the next turn, or
 * -1. */
int64_t	admin_clear_continue(struct admin *a);
