/*
 * flush.c: writing the queues to the sockets, in few large writes.
 */
#include "wampd/core/flush.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"

#define DELAY_US	5000	/* microseconds: longest delay of a flush */

int
flush_init(struct flush *f)
{
	f->dirty_tail = &f->dirty;
	f->backlog_tail = &f->backlog;
	f->batch = malloc(FLUSH_BATCH);
	return f->batch != NULL ? 0 : -1;
}

void
flush_clear(struct flush *f)
{
	free(f->batch);
}

bool
flush_waits(struct broker *b)
{
	struct flush *f = &b->flush;
	bool more = f->more_input;
	int64_t now;

	f->more_input = false;
	if (!more || f->dirty == NULL || ++f->delayed_turns >
	    FLUSH_DELAY_TURNS)
		goto flush;
	now = clock_us();
	if (f->delayed_since == 0)
		f->delayed_since = now;
	if (now - f->delayed_since < DELAY_US)
		return true;
flush:
	f->delayed_turns = 0;
	f->delayed_since = 0;
	return false;
}

/* Flush the first sessions of a list, n at most.  Returns how many. */
static size_t
flush_some(struct session **list, struct session ***tail, size_t n)
{
	struct session *s;
	size_t done;

	for (done = 0; done < n && (s = *list) != NULL; done++) {
		if ((*list = s->dirty_next) == NULL)
			*tail = list;
		s->dirty = false;
		session_flush(s);
	}
	return done;
}

/* Sessions of this turn come before the backlog: the subscribers of one event
 * must not wait for the many subscribers of an earlier one. */
void
flush_sessions(struct broker *b)
{
	struct flush *f = &b->flush;
	size_t n = flush_some(&f->dirty, &f->dirty_tail, TURN_FLUSHES);

	(void)flush_some(&f->backlog, &f->backlog_tail, TURN_FLUSHES - n);
	if (f->dirty != NULL) {
		*f->backlog_tail = f->dirty;
		f->backlog_tail = f->dirty_tail;
		f->dirty = NULL;
		f->dirty_tail = &f->dirty;
	}
	f->messages = 0;
}

void
flush_breathe(struct broker *b)
{
	/* Changes are saved before a message about them is sent. */
	(void)taps_save(&b->taps, b->now);
	flush_sessions(b);
}
