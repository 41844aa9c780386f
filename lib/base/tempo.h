/*
 * tempo.h: when the things that were recorded are due again.  Pure arithmetic:
 * the clock is the caller's.
 */
#pragma once

#include <stdint.h>

struct tempo {
	double	speed;		/* times as fast; 0: all at once */
	int64_t	last_ms;	/* of the recording; -1: none so far */
	int64_t	due_us;		/* of clock_us() */
};

#define TEMPO_INIT(s)	{ .speed = (s), .last_ms = -1 }

/* The next one was recorded at that time, 0 or later.  The first is due at
 * once, and so is one that comes before its predecessor: the clock was set
 * back.  What a stall of more than a tenth of a second kept from being done is
 * not made up for by a burst: the rest is late by as much. */
void	tempo_next(struct tempo *t, int64_t recorded_ms, int64_t now_us);

/* How many microseconds from now on until it is due; 0: now. */
int64_t	tempo_left(const struct tempo *t, int64_t now_us);

/* How fast, as people write it: "0.5", "2"; 0 and "max" are all at once.  0 or
 * -1. */
int	tempo_read(double *speed, const char *s);
