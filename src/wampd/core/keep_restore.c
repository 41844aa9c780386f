/*
 * keep_restore.c: keeping events again after a restart.
 */
#include "wampd/core/keep_restore.h"

#include <string.h>

#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"

/* Retain the event of the record, if it may be.  Returns KEEP_RETAINED, or 0
 * with *e filled. */
static unsigned
restore_retained(struct broker *b, struct topic *t,
    const struct keep_record *r, struct errbuf *e)
{
	bool newline = memchr(r->event.p, '\n', r->event.len) != NULL ||
	    memchr(r->event.p, '\r', r->event.len) != NULL;
	const struct event_times times = { .at = r->at, .until = r->until };

	if (r->until != 0 && r->until <= b->wall())
		err_set(e, "its time is up");
	else if (!topic_may_retain(&b->topics, t, r->event.len, NULL))
		err_set(e, "limits.retained is reached");
	else if (publish_retain_of(b, t, r->event, newline, &times) == -1)
		err_set(e, "out of memory");
	else
		return KEEP_RETAINED;
	return 0;
}

static unsigned
restore(struct broker *b, const struct keep_record *r, struct errbuf *e)
{
	struct topic *t = topic_obtain(&b->topics, r->topic);
	unsigned as = 0;

	if (t == NULL)
		err_set(e, "out of memory");
	else if (taps_claim(&b->taps, t->name) != NULL)
		err_set(e, "another part of the broker keeps it");
	else if (limits_check_event(b, t, r->event, e) == 0 &&
	    (r->as & KEEP_RETAINED))
		as = restore_retained(b, t, r, e);
	return as;
}

unsigned
keep_restore(struct broker *b, const struct keep_record *r, struct errbuf *e)
{
	struct keep keep = b->keep;
	unsigned as;

	err_set(e, "topics keep no history");
	b->keep.ops = NULL;
	as = restore(b, r, e);
	b->keep = keep;
	return as;
}
