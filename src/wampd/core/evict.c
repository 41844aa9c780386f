/*
 * evict.c: closing the sessions that take most memory of a kind.
 */
#include "wampd/core/evict.h"

#include "wampd/core/broker.h"

#define ALIKE	8	/* those are about as large as the largest that differ
			 * by less than the largest / ALIKE */

static size_t
largest_size(const struct broker *b, const struct eviction *by)
{
	const struct session *s;
	size_t size, largest = 0;

	TAILQ_FOREACH(s, &b->sessions.open, link)
		if ((size = by->size(s)) > largest)
			largest = size;
	return largest;
}

/* Close the sessions that take at least that many bytes. */
static void
evict_from(struct broker *b, const struct eviction *by, size_t least)
{
	struct session *s, *next;

	for (s = TAILQ_FIRST(&b->sessions.open); s != NULL &&
	    by->is_full(by->ctx); s = next) {
		next = TAILQ_NEXT(s, link);
		if (by->size(s) < least)
			continue;
		b->stats.sessions_evicted++;
		by->evict(by->ctx, s);
	}
}

void
evict_largest(struct broker *b, const struct eviction *by)
{
	size_t largest;

	while (by->is_full(by->ctx) && (largest = largest_size(b, by)) > 0)
		evict_from(b, by, largest - largest / ALIKE);
}
