/*
 * reclaim.c: when memory goes back to the system.
 */
#include "wampd/core/reclaim.h"

#define RECLAIM_MIN	1000	/* gone, or it is not worth it: 100 KB */
#define RECLAIM_DELAY	1000	/* ms; who leaves in a crowd is gone then */

int64_t
reclaim_wait(struct reclaim *r, size_t held, int64_t now)
{
	if (held > r->peak)
		r->peak = held;
	if (r->peak - held < RECLAIM_MIN || held > r->peak / 2) {
		r->due = 0;
		return -1;
	}
	if (r->due == 0)
		r->due = now + RECLAIM_DELAY;
	if (now < r->due)
		return r->due - now;
	*r = (struct reclaim){ .peak = held };
	return 0;
}
