/*
 * reclaim.h: when memory goes back to the system.
 *
 * What is freed stays with the process: a crowd that came once would weigh on
 * the machine for ever.  Giving it back takes some milliseconds, so it is done
 * once for each time that most of what was there has gone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Zeroed: nothing was there yet. */
struct reclaim {
	size_t	peak;		/* most held since the last time */
	int64_t	due;		/* ms; or 0 */
};

/* To be asked each turn: so many sessions and subscriptions are held at that
 * time.  Returns 0 when memory is to be given back now, or in how many ms to
 * ask again even if nothing happens; -1: any number. */
int64_t	reclaim_wait(struct reclaim *r, size_t held, int64_t now);
