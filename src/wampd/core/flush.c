/*
 * flush.c: what is queued leaves, in few large writes.
 */
#include "wampd/core/flush.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/core/broker.h"
#include "wampd/core/bounds.h"

#define HELD_US	5000

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
	if (!more || f->dirty == NULL || ++f->held_turns > FLUSH_HELD_TURNS)
		goto flush;
	now = clock_us();
	if (f->held_since == 0)
		f->held_since = now;
	if (now - f->held_since < HELD_US)
		return true;
flush:
	f->held_turns = 0;
	f->held_since = 0;
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
	(void)taps_save(&b->taps, b->now);	/* before anyone is told */
	flush_sessions(b);
}
