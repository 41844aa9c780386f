/*
 * pace.h: a fixed rate, or a minimum delay, for repeated actions.  Pure
 * arithmetic: the caller reads the clock.
 */
#pragma once

#include <stdint.h>

/* Zeroed: no limit. */
struct pace {
	int64_t	gap_ns;		/* from one to the next */
	int64_t	slack_ns;	/* delay that may be caught up with */
	int64_t	next_ns;	/* when the next one is due */
};

/* A fixed rate.  After a stall of more than a tenth of a second, the rate stays
 * the same: missed actions are not made up for by a burst. */
void	pace_rate(struct pace *p, int64_t per_second);

/* A minimum delay between two actions. */
void	pace_delay(struct pace *p, int64_t ms);

/* How many microseconds to wait from now_us of clock_us() for the next action.
 * 0: now, and the action counts as done. */
int64_t	pace_take(struct pace *p, int64_t now_us);
