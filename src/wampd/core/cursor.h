/*
 * cursor.h: a place in a list that may change between two turns.
 *
 * Code that walks the broker's sessions or topics over several turns registers
 * a cursor at the next item.  Before an item leaves its list, the cursors at
 * that item move to the next one.
 */
#pragma once

#include <sys/queue.h>

struct cursor {
	TAILQ_ENTRY(cursor) link;	/* broker->cursors */
	const void *at;			/* the next item; NULL: the end */
};

TAILQ_HEAD(cursors, cursor);

/* Move the cursors at item to next, the item behind it or NULL.  To be called
 * before the item leaves its list. */
static inline void
cursors_pass(struct cursors *cursors, const void *item, const void *next)
{
	struct cursor *c;

	TAILQ_FOREACH(c, cursors, link)
		if (c->at == item)
			c->at = next;
}
