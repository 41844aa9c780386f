/*
 * reclaim.h: when to return freed memory to the system.
 *
 * The C library keeps freed memory in the process, so after a peak of sessions
 * the broker would stay large for ever.  Returning the memory takes some
 * milliseconds, so it is done only once after each peak.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Zeroed: no peak yet. */
struct reclaim {
	size_t	peak;		/* highest count since the last return */
	int64_t	due;		/* ms, monotonic: when to return; or 0 */
};

/* Whether to return memory.  Called in each turn with the number of sessions
 * and subscriptions.  Returns 0 for now, the ms after which to ask again, or -1
 * if there is no need to ask. */
int64_t	reclaim_wait(struct reclaim *r, size_t count, int64_t now);
