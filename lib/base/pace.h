/*
 * pace.h: when the next thing may be done, if there are to be so many a
 * second, or so much time between them.  Pure arithmetic: the clock is the
 * caller's.
 */
#pragma once

#include <stdint.h>

/* Zeroed: at once. */
struct pace {
	int64_t	gap_ns;		/* from one to the next */
	int64_t	slack_ns;	/* what may be caught up with */
	int64_t	next_ns;	/* when the next one is due */
};

/* So many a second, evenly; what a stall of more than a tenth of a second
 * kept from being done is not made up for by a burst. */
void	pace_rate(struct pace *p, int64_t per_second);

/* At least so much time after each. */
void	pace_delay(struct pace *p, int64_t ms);

/* How many microseconds from now_us of clock_us() on until the next one; 0:
 * now, and it counts as done. */
int64_t	pace_take(struct pace *p, int64_t now_us);
