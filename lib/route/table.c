/*
 * table.c: the routes of all files in order, and the matching of topics.
 *
 * The first route in order that matches wins.  Channels without parameters lie
 * in a hash map, the others in an index; what is found in the map is only
 * beaten by an earlier one of the others.
 */
#include "route/table.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "route/index.h"
#include "route/pattern.h"
#include "route/regex.h"

/* One expression at its limits costs milliseconds; many would stall whoever
 * waits for the route, and a topic that does this to one is not honest. */
#define LOOKUP_GIVE_UPS_MAX	8

_Static_assert(ROUTE_ATTRS_MAX >= PATTERN_ATTRS_MAX, "all slots have room");

struct entry {
	struct pattern pattern;
	struct route   route;
};

struct routes {
	struct arena   mem;		/* entries, their texts, the index */
	struct entry **entries;		/* owned; in order */
	size_t	       n, cap;
	struct map     names;		/* of entries by route name */
	struct map     statics;		/* of entries by channel */
	struct index_level *index;	/* of the entries with parameters */
	struct regex_scratch *scratch;	/* owned; used by each match */
};

static struct slice
entry_name(const void *value)
{
	return slice_str(((const struct entry *)value)->route.name);
}

static struct slice
entry_channel(const void *value)
{
	return ((const struct entry *)value)->pattern.spec.channel;
}

struct routes *
routes_new(void)
{
	struct routes *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return NULL;
	map_init(&r->names, entry_name);
	map_init(&r->statics, entry_channel);
	if ((r->scratch = regex_scratch_new()) == NULL) {
		free(r);
		return NULL;
	}
	return r;
}

void
routes_free(struct routes *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n; i++)
		pattern_clear(&r->entries[i]->pattern);
	map_clear(&r->names);
	map_clear(&r->statics);
	regex_scratch_free(r->scratch);
	free(r->entries);
	arena_clear(&r->mem);
	free(r);
}

/* ---- building ---- */

/* Neighbours mostly come from the same file, and share its name. */
static const char *
copy_file(struct routes *r, const char *file)
{
	struct entry *last = r->n > 0 ? r->entries[r->n - 1] : NULL;

	if (last != NULL && strcmp(last->route.file, file) == 0)
		return last->route.file;
	return arena_copy(&r->mem, slice_str(file));
}

static struct entry *
entry_new(struct routes *r, const struct route *route)
{
	struct entry *e;

	if ((e = arena_alloc(&r->mem, sizeof(*e))) == NULL)
		return NULL;
	e->route = *route;
	e->route.index = r->n;
	e->route.name = arena_copy(&r->mem, slice_str(route->name));
	e->route.handler = arena_copy(&r->mem, slice_str(route->handler));
	e->route.file = copy_file(r, route->file);
	if (route->replaced_file != NULL &&
	    (e->route.replaced_file = arena_copy(&r->mem,
	    slice_str(route->replaced_file))) == NULL)
		return NULL;
	if (e->route.name == NULL || e->route.handler == NULL ||
	    e->route.file == NULL)
		return NULL;
	return e;
}

static int
entry_append(struct routes *r, struct entry *e)
{
	struct entry **v;
	size_t cap;

	if (r->n == r->cap) {
		cap = r->cap == 0 ? 64 : r->cap * 2;
		v = realloc(r->entries, cap * sizeof(struct entry *));
		if (v == NULL)
			return -1;
		r->entries = v;
		r->cap = cap;
	}
	if (map_insert(&r->names, e) == -1)
		return -1;
	r->entries[r->n++] = e;
	return 0;
}

int
routes_add(struct routes *r, const struct route *route,
    const struct pattern_spec *pattern, struct diags *d)
{
	struct pattern_spec spec = *pattern;
	struct entry *e = entry_new(r, route);

	if (e != NULL) {
		spec.file = e->route.file;
		if (pattern_compile(&e->pattern, &spec, &r->mem, d) == -1)
			return -1;
		e->route.channel = e->pattern.spec.channel.p;
		if (entry_append(r, e) == 0)
			return 0;
		pattern_clear(&e->pattern);
	}
	diag_add(d, DIAG_ERROR, route->file, route->line, route->column,
	    "out-of-memory", "not enough memory for the route");
	return -1;
}

int
routes_finish(struct routes *r)
{
	struct index_row *rows;
	size_t i, n = 0;
	int rc = -1;

	if ((rows = calloc(r->n + 1, sizeof(*rows))) == NULL)
		return -1;
	for (i = 0; i < r->n; i++) {
		struct entry *e = r->entries[i];

		if (e->pattern.n_params > 0)
			rows[n++] = (struct index_row){ e->pattern.steps, i };
		else if (map_find(&r->statics, e->pattern.spec.channel) ==
		    NULL && map_insert(&r->statics, e) == -1)
			goto out;
	}
	if ((r->index = index_build(rows, n, &r->mem)) != NULL)
		rc = 0;
out:
	free(rows);
	return rc;
}

/* ---- asking ---- */

size_t
routes_count(const struct routes *r)
{
	return r->n;
}

const struct route *
routes_at(const struct routes *r, size_t index)
{
	return &r->entries[index]->route;
}

const struct pattern *
routes_pattern(const struct routes *r, size_t index)
{
	return &r->entries[index]->pattern;
}

struct regex_scratch *
routes_scratch(const struct routes *r)
{
	return r->scratch;
}

const struct route *
routes_find(const struct routes *r, const char *name)
{
	const struct entry *e = map_find(&r->names, slice_str(name));

	return e != NULL ? &e->route : NULL;
}

/* One topic's way through the index. */
struct lookup {
	const struct routes *routes;
	struct slice	     topic;
	size_t		     matched;	/* entry whose captures stand in the
					 * scratch memory */
	size_t		     give_ups;	/* of the scratch memory, before */
};

static bool
entry_matches(void *arg, size_t entry)
{
	struct lookup *l = arg;
	const struct routes *r = l->routes;

	l->matched = regex_give_ups(r->scratch) - l->give_ups <
	    LOOKUP_GIVE_UPS_MAX && pattern_match(&r->entries[entry]->pattern,
	    l->topic, r->scratch) ? entry : r->n;
	return l->matched == entry;
}

static void
entry_attrs(const struct entry *e, const struct lookup *l,
    struct route_attrs *attrs)
{
	const struct pattern *p = &e->pattern;
	struct slice value;
	size_t i;

	for (attrs->n = i = 0; i < p->n_slots; i++)
		if (pattern_value(p, &p->slots[i], l->topic,
		    l->routes->scratch, &value))
			attrs->v[attrs->n++] = (struct route_attr){
			    .name = p->slots[i].name, .value = value };
}

const struct route *
routes_match(const struct routes *r, struct slice topic,
    struct route_attrs *attrs)
{
	struct lookup l = { .routes = r, .matched = r->n,
	    .give_ups = regex_give_ups(r->scratch),
	    .topic = topic.len > 0 ? topic : SLICE("") };
	const struct entry *e = map_find(&r->statics, l.topic);
	size_t found;

	found = index_find(r->index, l.topic, e != NULL ? e->route.index :
	    r->n, entry_matches, &l);
	if (found == r->n)
		return NULL;
	e = r->entries[found];
	if (attrs == NULL)
		return &e->route;
	/* Another may have been tried after it: match again. */
	if (e->pattern.n_params > 0 && l.matched != found)
		(void)pattern_match(&e->pattern, l.topic, r->scratch);
	entry_attrs(e, &l, attrs);
	return &e->route;
}
