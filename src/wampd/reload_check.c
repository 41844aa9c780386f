/*
 * reload_check.c: what the types of handlers check in a thread.
 */
#include <stddef.h>

#include "wampd/core/broker.h"
#include "wampd/reload_read.h"

static const struct handler_check *
check_of(const struct broker *b, size_t i)
{
	return i < RELOAD_CHECKS_MAX && b->types[i] != NULL ?
	    b->types[i]->check : NULL;
}

bool
reload_check_begin(struct reload_reading *r, struct broker *b)
{
	const struct handler_check *c;
	bool any = false;
	size_t i;

	if (r->declared == NULL)
		return false;
	for (i = 0; b->types[i] != NULL; i++) {
		if ((c = check_of(b, i)) == NULL)
			continue;
		r->checks[i] = c->begin(b, b->types[i], r->declared);
		any |= r->checks[i] != NULL;
	}
	return any;
}

void
reload_check(struct reload_reading *r, const struct broker *b)
{
	size_t i;

	for (i = 0; i < RELOAD_CHECKS_MAX; i++)
		if (r->checks[i] != NULL)
			check_of(b, i)->run(r->checks[i]);
}

void
reload_check_report(struct reload_reading *r, const struct broker *b)
{
	size_t i;

	for (i = 0; i < RELOAD_CHECKS_MAX; i++)
		if (r->checks[i] != NULL)
			check_of(b, i)->report(r->checks[i], &r->diags);
}

void
reload_check_end(struct reload_reading *r, const struct broker *b)
{
	size_t i;

	for (i = 0; i < RELOAD_CHECKS_MAX; i++) {
		if (r->checks[i] != NULL)
			check_of(b, i)->end(r->checks[i]);
		r->checks[i] = NULL;
	}
}
