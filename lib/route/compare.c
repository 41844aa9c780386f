/*
 * compare.c: what differs between two tables of routes.
 */
#include "route/compare.h"

#include <string.h>

#include "route/pattern.h"
#include "route/table.h"

static bool
same_requirements(const struct pattern_spec *a, const struct pattern_spec *b)
{
	const struct pattern_requirement *x = a->requirements;
	const struct pattern_requirement *y = b->requirements;
	size_t i;

	if (a->n_requirements != b->n_requirements)
		return false;
	for (i = 0; i < a->n_requirements; i++)
		if (strcmp(x[i].name, y[i].name) != 0 ||
		    !slice_eq(x[i].regex, y[i].regex) ||
		    x[i].wildcard != y[i].wildcard)
			return false;
	return true;
}

static bool
same_defaults(const struct pattern_spec *a, const struct pattern_spec *b)
{
	const struct pattern_default *x = a->defaults, *y = b->defaults;
	size_t i;

	if (a->n_defaults != b->n_defaults)
		return false;
	for (i = 0; i < a->n_defaults; i++)
		if (strcmp(x[i].name, y[i].name) != 0 ||
		    !slice_eq(x[i].value, y[i].value))
			return false;
	return true;
}

bool
routes_same(const struct routes *a, size_t i, const struct routes *b,
    size_t j)
{
	const struct pattern_spec *x = &routes_pattern(a, i)->spec;
	const struct pattern_spec *y = &routes_pattern(b, j)->spec;

	return strcmp(routes_at(a, i)->handler,
	    routes_at(b, j)->handler) == 0 &&
	    slice_eq(x->channel, y->channel) && x->utf8 == y->utf8 &&
	    x->legacy == y->legacy && same_requirements(x, y) &&
	    same_defaults(x, y);
}
