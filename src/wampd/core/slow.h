/*
 * slow.h: slow receivers, and the publishers that are paused for them.
 *
 * A receiver is slow when its queue is above the high-water mark.  Sessions
 * that publish to it are then paused until its queue is down at the low-water
 * mark.  Time in which the receiver reads almost nothing is taken from a
 * budget, which is limits.stall in any limits.stall_window.  When the budget is
 * used up, the receiver is closed.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

#include "wampd/core/pause.h"

struct broker;

struct slow {
	TAILQ_ENTRY(slow)  link;	/* broker->pressure.slow, by due */
	struct session	  *receiver;
	struct pause	   pause;	/* its publishers wait here */
	int64_t		   since;	/* ms, monotonic: the last look */
	int64_t		   due;		/* ms, monotonic: the next look */
	uint64_t	   taken;	/* bytes that the receiver has taken,
					 * at the last look */
	int64_t		   debt;	/* ms: time that it has not paid for;
					 * see slow_look() */
};

TAILQ_HEAD(slow_list, slow);

/* The part of its budget that a receiver has used.  It comes back over
 * limits.stall_window. */
struct slow_budget {
	int64_t used;		/* ms */
	int64_t at;		/* ms, monotonic: the time of used */
};

/* The queue of s is above the high-water mark: s is slow from now on.  Returns
 * 0, or -1 when out of memory. */
int	slow_begin(struct session *s);

/* s is not slow any more, or is closed: resume its publishers.  Nothing happens
 * if it was not slow. */
void	slow_end(struct session *s);

/* Stop reading from publisher until receiver is not slow any more.  Nothing
 * happens if it is not slow. */
void	slow_pause(struct session *publisher, struct session *receiver);

/* Look at the receivers that are due.  Returns the next one that has used up
 * its budget, which the caller must close, or NULL if there is none. */
struct session *slow_expired(struct broker *b);
