/*
 * definition_put.c: requirements and defaults put into a definition, and over
 * those of imported ones.
 */
#include <string.h>

#include "route/definition.h"
#include "route/pattern_scan.h"

#define DEFAULTS_MAX	(2 * PATTERN_ATTRS_MAX)	/* null ones included */

/* Room for one more of n members; the old ones move.  NULL when out of
 * memory.  Doubling, for imports of imports put much over each route. */
static void *
make_room(const void *old, size_t n, size_t *cap, size_t size,
    struct arena *mem)
{
	size_t more = *cap == 0 ? 4 : *cap * 2;
	void *v;

	if ((v = arena_alloc(mem, more * size)) == NULL)
		return NULL;
	if (n > 0)
		memcpy(v, old, n * size);
	*cap = more;
	return v;
}

int
definition_put_requirement(struct definition *def,
    struct pattern_requirement r, struct arena *mem)
{
	size_t i, n = def->spec.n_requirements;
	struct pattern_requirement *v;

	for (i = 0; i < n && strcmp(def->requirements[i].name, r.name) != 0;
	    i++)
		;
	if (i == def->cap_requirements) {
		v = make_room(def->requirements, n, &def->cap_requirements,
		    sizeof(*v), mem);
		if (v == NULL)
			return -1;
		def->spec.requirements = def->requirements = v;
	}
	def->requirements[i] = r;
	def->spec.n_requirements += i == n;
	return 0;
}

int
definition_put_default(struct definition *def, struct pattern_default d,
    struct arena *mem)
{
	size_t i, n = def->spec.n_defaults;
	struct pattern_default *v;

	if (n > DEFAULTS_MAX)
		return 0;	/* it will be refused, with what it has */
	for (i = 0; i < n && strcmp(def->defaults[i].name, d.name) != 0; i++)
		;
	if (i == def->cap_defaults) {
		v = make_room(def->defaults, n, &def->cap_defaults,
		    sizeof(*v), mem);
		if (v == NULL)
			return -1;
		def->spec.defaults = def->defaults = v;
	}
	def->defaults[i] = d;
	def->spec.n_defaults += i == n;
	return 0;
}

/* Whether the channel has a parameter of that name: a requirement of an import
 * for another one says nothing. */
static bool
has_param(const struct definition *route, const char *name)
{
	struct slice param;
	size_t at = 0;

	for (; pattern_find_param(route->spec.channel, &at, &param); at++)
		if (slice_eq(param, slice_str(name)))
			return true;
	return false;
}

int
definition_override(struct definition *route, const struct definition *import,
    struct arena *mem)
{
	const struct pattern_spec *over = &import->spec;
	struct pattern_requirement r;
	struct pattern_default d;
	size_t i;

	for (i = 0; i < over->n_requirements; i++) {
		r = over->requirements[i];
		if (has_param(route, r.name) &&
		    definition_put_requirement(route, r, mem) == -1)
			return -1;
	}
	for (i = 0; i < over->n_defaults; i++) {
		d = over->defaults[i];
		d.inherited = true;
		if (definition_put_default(route, d, mem) == -1)
			return -1;
	}
	if (import->utf8_given)
		route->spec.utf8 = over->utf8;
	return 0;
}

void
definition_finish(struct definition *route)
{
	size_t i, kept = 0;

	if (route->spec.n_defaults > DEFAULTS_MAX)
		return;
	for (i = 0; i < route->spec.n_defaults; i++)
		if (route->defaults[i].value.p != NULL)
			route->defaults[kept++] = route->defaults[i];
	route->spec.n_defaults = kept;
}
