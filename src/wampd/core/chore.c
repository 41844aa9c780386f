/*
 * chore.c: work on a disk, which is tried again when it has failed.
 */
#include "wampd/core/chore.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define PAUSE_FIRST	1000	/* ms, doubled with each failure */
#define PAUSE_MAX	60000

void
chore_set(struct chore *c)
{
	c->due = true;
	c->again = 0;
}

bool
chore_is_due(const struct chore *c, int64_t now)
{
	return c->due && now >= c->again;
}

static void
chore_failed(struct chore *c, int64_t now,
    const struct errbuf *e)
{
	if (!c->failed || strcmp(c->why.msg, e->msg) != 0)
		log_err("%s: %s; wampd will try again", c->what, e->msg);
	if (!c->failed)
		c->pause = PAUSE_FIRST;
	else if (c->pause < PAUSE_MAX)
		c->pause *= 2;
	c->failed = true;
	c->why = *e;
	c->again = now + c->pause;
}

void
chore_tried(struct chore *c, int64_t now, int rc,
    const struct errbuf *e)
{
	if (rc == -1) {
		chore_failed(c, now, e);
		return;
	}
	if (c->failed)
		log_info("%s: the retry succeeded", c->what);
	c->due = c->failed = false;
}

int64_t
chore_wait(const struct chore *c, int64_t now)
{
	if (!c->due)
		return -1;
	return clock_left(c->again, now);
}
