/*
 * retry.c: when to try again, and when to give up.
 */
#include "client/retry.h"

#define RETRY_FIRST_MS	1000
#define RETRY_DELAY_MAX	30000	/* ms; the end of doubling */
#define RETRY_DELAY_MIN	10	/* ms; so that --retry-delay 0 is not a busy
				 * loop */

void
retry_init(struct retry *r, const struct retry_opts *o, int64_t tries,
    uint32_t (*dice)(void))
{
	*r = (struct retry){
		.tries = o->tries >= 0 ? o->tries :
		    o->max_time_ms > 0 ? RETRY_FOREVER : tries,
		.first_ms = o->delay_ms >= 0 ? o->delay_ms : RETRY_FIRST_MS,
		.max_time_ms = o->max_time_ms > 0 ? o->max_time_ms : 0,
		.dice = dice,
	};
	if (r->first_ms < RETRY_DELAY_MIN)
		r->first_ms = RETRY_DELAY_MIN;
	retry_reset(r);
}

void
retry_reset(struct retry *r)
{
	r->left = r->tries;
	r->delay_ms = r->first_ms;
	r->began_ms = -1;
}

int64_t
retry_next(struct retry *r, int64_t now_ms)
{
	int64_t half = r->delay_ms / 2;
	int64_t wait = half + (int64_t)((double)(r->delay_ms - half) *
	    r->dice() / UINT32_MAX);

	if (r->began_ms == -1)
		r->began_ms = now_ms;
	if (r->left == 0)
		return -1;
	if (r->max_time_ms > 0 &&
	    now_ms - r->began_ms + wait > r->max_time_ms)
		return -1;
	if (r->end_ms > 0 && now_ms + wait > r->end_ms)
		return -1;
	if (r->left != RETRY_FOREVER)
		r->left--;
	/* A first delay above the limit is used as given. */
	if (r->delay_ms < RETRY_DELAY_MAX)
		r->delay_ms = r->delay_ms > RETRY_DELAY_MAX / 2 ?
		    RETRY_DELAY_MAX : r->delay_ms * 2;
	return wait;
}
