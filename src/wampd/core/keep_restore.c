/*
 * keep_restore.c: keeping events again after a restart.
 */
#include "wampd/core/keep_restore.h"

#include <string.h>

#include "wampd/core/broker.h"
#include "wampd/core/kept.h"
#include "wampd/core/limits.h"
#include "wampd/core/retain.h"
#include "wampd/core/watch.h"

static bool
has(struct slice text, char c)
{
	return text.len > 0 && memchr(text.p, c, text.len) != NULL;
}

/* Whether it may be retained still.  If not, *e is filled. */
static bool
may_retain(struct broker *b, const struct topic *t,
    const struct keep_record *r, struct errbuf *e)
{
	if (r->until != 0 && r->until <= b->wall())
		err_set(e, KEEP_TIME_UP);
	else if (r->until != 0 && r->until <= r->at)
		err_set(e, "it ends before it was published");
	else if (!retain_may(&b->topics, t, r->event.len, NULL))
		err_set(e, "limits.retained is reached");
	else
		return true;
	return false;
}

/* The same for the history. */
static bool
may_record(struct broker *b, const struct topic *t,
    const struct keep_record *r, struct errbuf *e)
{
	const struct handler *h = t->handler;

	if (h == NULL || !(h->keeps & KEEP_HISTORY))
		err_set(e, "its handler has no history any more");
	else if (h->history_time > 0 && b->wall() - r->at >= h->history_time)
		err_set(e, KEEP_TIME_UP);
	else
		return true;
	return false;
}

unsigned
keep_restore(struct broker *b, const struct keep_record *r, struct errbuf *e)
{
	const struct kept_before before = { .json = r->event,
	    .number = r->number, .at = r->at, .until = r->until,
	    .newline = has(r->event, '\n') || has(r->event, '\r') };
	struct keep keep = b->keep;
	struct topic *t;
	unsigned as = 0;

	if (watch_is_own(r->topic)) {
		err_set(e, "it is a topic of the broker's own");
		return 0;
	}
	err_set(e, "out of memory, or a limit is reached");
	if ((t = topic_obtain(&b->topics, r->topic)) == NULL)
		return 0;
	if (taps_claim(&b->taps, t->name) != NULL) {
		err_set(e, "another part of the broker keeps it");
		return 0;
	}
	if (limits_check_event(b, t, r->event, e) == -1)
		return 0;
	if ((r->as & KEEP_RETAINED) && may_retain(b, t, r, e))
		as |= KEEP_RETAINED;
	if ((r->as & KEEP_HISTORY) && may_record(b, t, r, e))
		as |= KEEP_HISTORY;
	if (as == 0)
		return 0;
	b->keep.ops = NULL;
	as = kept_again(b, t, &before, as);
	b->keep = keep;
	return as;
}
