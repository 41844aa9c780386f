/*
 * children.c: all programs that run beside a broker.
 */
#include "wampd/process/children.h"

#include <stdlib.h>

#include "wampd/process/child_parts.h"

#define CHILD_LINE	4	/* times the size of a message: an answer that
				 * is too large for a message must still be
				 * read, to be refused */

struct children *
children_new(struct uv_loop_s *loop, size_t max_message,
    const struct privileges *whom, struct errbuf *e)
{
	struct children *t;

	if ((t = calloc(1, sizeof(*t))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	t->loop = loop;
	t->nursery.whom = *whom;
	children_set_max_message(t, max_message);
	LIST_INIT(&t->all);
	return t;
}

void
children_set_max_message(struct children *t, size_t max_message)
{
	t->max_line = max_message < SIZE_MAX / CHILD_LINE ?
	    CHILD_LINE * max_message : SIZE_MAX;
}

int
children_confine(struct children *t, struct errbuf *e)
{
	return child_nursery_confine(&t->nursery, e);
}

void
children_close(struct children *t)
{
	struct child *c;

	if (t == NULL)
		return;
	t->closed = true;
	/* Their handles close later, so the list does not change here. */
	LIST_FOREACH(c, &t->all, link)
		if (!c->over)
			child_ended(c, "the broker stops");
}

void
children_free(struct children *t)
{
	if (t == NULL)
		return;
	child_nursery_close(&t->nursery);
	free(t);
}
