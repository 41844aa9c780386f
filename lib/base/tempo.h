/*
 * tempo.h: when recorded things are due again.  Pure arithmetic: the caller
 * reads the clock.
 */
#pragma once

#include <stdint.h>

struct tempo {
	double	speed;		/* times as fast; 0: all at once */
	int64_t	last_ms;	/* of the last record; -1: none yet */
	int64_t	due_us;		/* of clock_us() */
};

#define TEMPO_INIT(s)	{ .speed = (s), .last_ms = -1 }

/* The next record has this time, 0 or later.  The first one is due at once.  So
 * is one that is earlier than its predecessor, because the clock was set back.
 * After a stall of more than a tenth of a second, the rest is late by that
 * time: there is no burst. */
void	tempo_next(struct tempo *t, int64_t recorded_ms, int64_t now_us);

/* How many microseconds from now on until it is due; 0: now. */
int64_t	tempo_left(const struct tempo *t, int64_t now_us);

/* Read a speed: "0.5", "2"; 0 and "max" mean all at once.  0 or -1. */
int	tempo_read(double *speed, const char *s);
