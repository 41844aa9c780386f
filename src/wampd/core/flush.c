/*
 * flush.c: what is queued leaves, in few large writes.
 */
#include "wampd/core/flush.h"

#include "base/clock.h"
#include "wampd/core/broker.h"

#define HELD_US	5000

bool
flush_waits(struct broker *b)
{
	bool more = b->more_input;
	int64_t now;

	b->more_input = false;
	if (!more || b->dirty == NULL ||
	    ++b->held_turns > FLUSH_HELD_TURNS)
		goto flush;
	now = clock_us();
	if (b->held_since == 0)
		b->held_since = now;
	if (now - b->held_since < HELD_US)
		return true;
flush:
	b->held_turns = 0;
	b->held_since = 0;
	return false;
}

/* Flush the first ones of a list, n at most; how many that were. */
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

/* What is new comes first: who hears one event does not wait for a crowd that
 * hears another. */
void
flush_sessions(struct broker *b)
{
	size_t n = flush_some(&b->dirty, &b->dirty_tail, TURN_FLUSHES);

	(void)flush_some(&b->backlog, &b->backlog_tail, TURN_FLUSHES - n);
	if (b->dirty != NULL) {
		*b->backlog_tail = b->dirty;
		b->backlog_tail = b->dirty_tail;
		b->dirty = NULL;
		b->dirty_tail = &b->dirty;
	}
	b->messages = 0;
}

void
flush_breathe(struct broker *b)
{
	(void)taps_save(&b->taps, b->now);	/* before anyone is told */
	flush_sessions(b);
}
