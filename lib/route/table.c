/*
 * table.c: the routes of all files in order, and the matching of topics.
 *
 * The first route in order that matches wins.  So that thousands of routes stay
 * cheap, channels without parameters lie in a hash map, and the others are
 * grouped by the static text they start with: the groups that can match a
 * topic are the longest prefix of it and that group's parents, which are a
 * binary search and a few steps away.
 */
#include "route/table.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "route/pattern.h"
#include "route/regex.h"

_Static_assert(ROUTE_ATTRS_MAX >= PATTERN_ATTRS_MAX, "all slots have room");

struct entry {
	struct route   route;		/* first: routes are given out */
	struct pattern pattern;
};

/* Routes with parameters whose channels start with the same text. */
struct group {
	struct slice   prefix;		/* borrowed from its first entry */
	struct group  *parent;		/* whose prefix starts ours; or NULL */
	struct entry **entries;		/* in routes->dynamic, by index */
	size_t	       n;
};

struct routes {
	struct arena   mem;		/* entries and their texts */
	struct entry **entries;		/* owned; in order.  NULL: replaced */
	size_t	       n, cap;
	struct map     names;		/* of entries by route name */
	struct map     statics;		/* of entries by channel */
	struct entry **dynamic;		/* owned; by prefix, then index */
	size_t	       n_dynamic;
	struct group  *groups;		/* owned; by prefix */
	size_t	       n_groups;
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
	return ((const struct entry *)value)->pattern.prefix;
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
		if (r->entries[i] != NULL)
			pattern_clear(&r->entries[i]->pattern);
	map_clear(&r->names);
	map_clear(&r->statics);
	regex_scratch_free(r->scratch);
	free(r->entries);
	free(r->dynamic);
	free(r->groups);
	arena_clear(&r->mem);
	free(r);
}

/* ---- building ---- */

/* All routes of a file share its name. */
static const char *
copy_file(struct routes *r, const char *file)
{
	struct entry *last = r->n > 0 ? r->entries[r->n - 1] : NULL;

	if (last != NULL && strcmp(last->route.file, file) == 0)
		return last->route.file;
	return arena_copy(&r->mem, slice_str(file));
}

static struct entry *
entry_new(struct routes *r, const struct route *route,
    const struct pattern_spec *pattern)
{
	struct entry *e;

	if ((e = arena_alloc(&r->mem, sizeof(*e))) == NULL)
		return NULL;
	e->route = *route;
	e->route.name = arena_copy(&r->mem, slice_str(route->name));
	e->route.channel = arena_copy(&r->mem, pattern->channel);
	e->route.handler = arena_copy(&r->mem, slice_str(route->handler));
	e->route.file = copy_file(r, route->file);
	if (e->route.name == NULL || e->route.channel == NULL ||
	    e->route.handler == NULL || e->route.file == NULL)
		return NULL;
	return e;
}

/* Put it at the end; a route of that name from an earlier file goes. */
static int
entry_append(struct routes *r, struct entry *e)
{
	struct entry **v, *old;
	size_t cap;

	if (r->n == r->cap) {
		cap = r->cap == 0 ? 64 : r->cap * 2;
		v = realloc(r->entries, cap * sizeof(struct entry *));
		if (v == NULL)
			return -1;
		r->entries = v;
		r->cap = cap;
	}
	if ((old = map_remove(&r->names, entry_name(e))) != NULL) {
		r->entries[old->route.index] = NULL;
		pattern_clear(&old->pattern);
	}
	if (map_insert(&r->names, e) == -1)
		return -1;
	e->route.index = r->n;
	r->entries[r->n++] = e;
	return 0;
}

int
routes_add(struct routes *r, const struct route *route,
    const struct pattern_spec *pattern, struct diags *d)
{
	struct entry *e = entry_new(r, route, pattern);

	if (e != NULL) {
		if (pattern_compile(&e->pattern, pattern, &r->mem, d) == -1)
			return -1;
		if (entry_append(r, e) == 0)
			return 0;
		pattern_clear(&e->pattern);
	}
	diag_add(d, DIAG_ERROR, route->file, route->line, route->column,
	    "out-of-memory", "not enough memory for the route");
	return -1;
}

/* Close the gaps of replaced routes. */
static void
entries_number(struct routes *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++) {
		if (r->entries[i] == NULL)
			continue;
		r->entries[i]->route.index = n;
		r->entries[n++] = r->entries[i];
	}
	r->n = n;
}

static int
slice_compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static int
entry_compare(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a;
	const struct entry *y = *(struct entry *const *)b;
	int order = slice_compare(x->pattern.prefix, y->pattern.prefix);

	if (order != 0)
		return order;
	return x->route.index < y->route.index ? -1 :
	    x->route.index > y->route.index;
}

/* Static channels into the map, the first of equal ones; the others aside. */
static int
entries_sort(struct routes *r)
{
	struct entry *e;
	size_t i;

	for (i = 0; i < r->n; i++) {
		e = r->entries[i];
		if (e->pattern.code != NULL)
			r->dynamic[r->n_dynamic++] = e;
		else if (map_find(&r->statics, e->pattern.prefix) == NULL &&
		    map_insert(&r->statics, e) == -1)
			return -1;
	}
	if (r->n_dynamic > 0)
		qsort(r->dynamic, r->n_dynamic, sizeof(struct entry *),
		    entry_compare);
	return 0;
}

/* Prefixes are sorted, so a group's parent is the one before it or one of that
 * one's parents. */
static void
groups_build(struct routes *r)
{
	struct group *g = NULL;
	struct slice prefix;
	size_t i;

	for (i = 0; i < r->n_dynamic; i++) {
		prefix = r->dynamic[i]->pattern.prefix;
		if (g == NULL || !slice_eq(g->prefix, prefix)) {
			struct group *parent = g;

			while (parent != NULL &&
			    !slice_starts(prefix, parent->prefix))
				parent = parent->parent;
			g = &r->groups[r->n_groups++];
			g->prefix = prefix;
			g->parent = parent;
			g->entries = &r->dynamic[i];
		}
		g->n++;
	}
}

int
routes_finish(struct routes *r)
{
	entries_number(r);
	r->dynamic = calloc(r->n + 1, sizeof(struct entry *));
	r->groups = calloc(r->n + 1, sizeof(*r->groups));
	if (r->dynamic == NULL || r->groups == NULL || entries_sort(r) == -1)
		return -1;
	groups_build(r);
	return 0;
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

/* The last group whose prefix does not sort behind the topic.  Every prefix of
 * the topic that is a group's is this one's or one of its parents'. */
static const struct group *
group_find(const struct routes *r, struct slice topic)
{
	size_t low = 0, high = r->n_groups, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (slice_compare(r->groups[middle].prefix, topic) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &r->groups[low - 1] : NULL;
}

/* The group's first route that matches and stands before `best`, else best. */
static struct entry *
group_match(const struct routes *r, const struct group *g, struct slice topic,
    struct entry *best)
{
	struct entry *e;
	size_t i;

	for (i = 0; i < g->n; i++) {
		e = g->entries[i];
		if (best != NULL && e->route.index > best->route.index)
			break;
		if (regex_match(e->pattern.code, topic, r->scratch))
			return e;
	}
	return best;
}

/* Others may have been tried after it: match again for the captures. */
static void
entry_attrs(const struct routes *r, const struct entry *e, struct slice topic,
    struct route_attrs *attrs)
{
	const struct pattern *p = &e->pattern;
	const struct pattern_slot *slot;
	struct slice value;
	size_t i;

	attrs->n = 0;
	if (p->code != NULL)
		(void)regex_match(p->code, topic, r->scratch);
	for (i = 0; i < p->n_slots; i++) {
		slot = &p->slots[i];
		if (slot->group == 0 || !regex_capture(r->scratch, topic,
		    slot->group, &value)) {
			if (!slot->has_default)
				continue;
			value = slot->value;
		}
		attrs->v[attrs->n++] = (struct route_attr){
		    .name = slot->name, .value = value };
	}
}

const struct route *
routes_match(const struct routes *r, struct slice topic,
    struct route_attrs *attrs)
{
	struct entry *best = map_find(&r->statics, topic);
	const struct group *g;

	for (g = group_find(r, topic); g != NULL; g = g->parent)
		if (slice_starts(topic, g->prefix))
			best = group_match(r, g, topic, best);
	if (best == NULL)
		return NULL;
	if (attrs != NULL)
		entry_attrs(r, best, topic, attrs);
	return &best->route;
}
