/*
 * cursor.h: a place in a list that others change meanwhile.
 *
 * Whoever walks the broker's sessions or topics over several turns registers
 * the item that comes next.  An item that leaves its list first moves the
 * cursors that stand on it.
 */
#pragma once

#include <sys/queue.h>

struct cursor {
	TAILQ_ENTRY(cursor) link;	/* broker->cursors */
	const void *at;			/* the next item; NULL: that was all */
};

TAILQ_HEAD(cursors, cursor);

/* The item is about to leave its list; next comes behind it, or NULL. */
static inline void
cursors_pass(struct cursors *cursors, const void *item, const void *next)
{
	struct cursor *c;

	TAILQ_FOREACH(c, cursors, link)
		if (c->at == item)
			c->at = next;
}
