/*
 * speed.h: how many a second, for those who look at a number that only grows.
 *
 * Nothing is measured while nobody looks.  A look that comes at least
 * SPEED_INTERVAL after the last one tells the average since then; one that
 * comes earlier gets the same answer as the last one, so that several callers
 * do not disturb each other.
 */
#pragma once

#include <stdint.h>

#define SPEED_INTERVAL	900	/* ms */

struct speed {
	int64_t	 at;		/* ms, monotonic: the last look; 0: none */
	uint32_t seen;		/* the number at that time; its low bits */
	float	 rate;		/* a second */
};

/* Look at the number, which is count now.  At the first look, the average is
 * the one since `since` in ms, monotonic, when the number was 0. */
static inline double
speed_look(struct speed *s, uint64_t count, int64_t now, int64_t since)
{
	int64_t from = s->at != 0 ? s->at : since;

	if (s->at != 0 && now - from < SPEED_INTERVAL)
		return (double)s->rate;
	s->rate = now > from ? (float)((double)((uint32_t)count - s->seen) *
	    1e3 / (double)(now - from)) : 0;
	s->seen = (uint32_t)count;
	s->at = now;
	return (double)s->rate;
}
