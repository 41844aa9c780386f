/*
 * pace.c: a fixed rate, or a minimum delay, for repeated actions.
 */
#include "base/pace.h"

#define SECOND_NS	INT64_C(1000000000)
#define SLACK_NS	(SECOND_NS / 10)
#define DELAY_MAX	(INT64_MAX / 2 / 1000000) /* ms: more than a century,
						   * and no overflow later */

void
pace_rate(struct pace *p, int64_t per_second)
{
	*p = (struct pace){ .gap_ns = SECOND_NS / per_second,
	    .slack_ns = SLACK_NS };
}

void
pace_delay(struct pace *p, int64_t ms)
{
	*p = (struct pace){ .gap_ns = (ms < DELAY_MAX ? ms : DELAY_MAX) *
	    1000000 };
}

int64_t
pace_take(struct pace *p, int64_t now_us)
{
	int64_t now = now_us * 1000;

	if (now < p->next_ns)
		return (p->next_ns - now + 999) / 1000;
	/* Before the first action nothing was missed. */
	if (p->next_ns == 0 || p->next_ns < now - p->slack_ns)
		p->next_ns = p->next_ns == 0 ? now : now - p->slack_ns;
	p->next_ns += p->gap_ns;
	return 0;
}
