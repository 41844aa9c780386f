/*
 * reclaim.c: when to return freed memory to the system.
 */
#include "wampd/core/reclaim.h"

#define RECLAIM_MIN	1000	/* sessions and subscriptions that must have
				 * ended: about 100 KB */
#define RECLAIM_DELAY	1000	/* ms: many sessions may end one by one */

int64_t
reclaim_wait(struct reclaim *r, size_t count, int64_t now)
{
	if (count > r->peak)
		r->peak = count;
	if (r->peak - count < RECLAIM_MIN || count > r->peak / 2) {
		r->due = 0;
		return -1;
	}
	if (r->due == 0)
		r->due = now + RECLAIM_DELAY;
	if (now < r->due)
		return r->due - now;
	*r = (struct reclaim){ .peak = count };
	return 0;
}
