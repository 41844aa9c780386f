/*
 * index.c: which of many patterns can match a topic.
 *
 * A level holds the texts that may come next.  They are sorted, so those that a
 * topic starts with are the longest of them and that one's parents.  Behind
 * each text are the entries whose steps end there, and hops over a parameter
 * into the level behind it.
 */
#include "route/index.h"

#include <stdint.h>
#include <stdlib.h>

struct index_group;

/* Searching the keys alone keeps a search within few lines of the cache. */
struct index_level {
	struct index_group *groups;	/* by text */
	uint64_t	   *keys;	/* of the groups */
	size_t		    n;
	size_t		    common;	/* bytes that all texts start with */
};

struct index_hop {
	char		   until;
	struct index_level next;
};

struct index_list {
	size_t *entries;		/* ascending */
	size_t	n;
};

struct index_group {
	struct slice	    text;
	struct index_group *parent;	/* whose text starts ours; or NULL */
	struct index_list   exact;	/* the topic ends with the text */
	struct index_list   open;	/* anything may follow */
	struct index_hop   *hops;
	size_t		    n_hops;
};

/* What a text has behind the first `common` bytes, as a number that sorts as
 * the text does; texts that differ only further behind have the same. */
static uint64_t
text_key(struct slice text, size_t common)
{
	uint64_t key = 0;
	size_t i;

	for (i = common; i < common + sizeof(key); i++)
		key = key << 8 |
		    (i < text.len ? (unsigned char)text.p[i] : 0);
	return key;
}

/* ---- building ---- */

static int
slice_compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Entries whose steps end come first, in order. */
static int
row_compare(const void *a, const void *b)
{
	const struct index_row *x = a, *y = b;
	size_t i;
	int order;

	for (i = 0; ; i++) {
		const struct pattern_step *s = &x->steps[i];
		const struct pattern_step *t = &y->steps[i];

		if ((order = slice_compare(s->text, t->text)) != 0)
			return order;
		if (s->until != t->until)
			return (unsigned char)s->until <
			    (unsigned char)t->until ? -1 : 1;
		if (s->exact != t->exact)
			return s->exact ? -1 : 1;
		if (s->until == '\0')
			break;
	}
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* How many of the n rows have the first one's text at that depth. */
static size_t
same_text(const struct index_row *rows, size_t n, size_t depth)
{
	size_t i = 1;

	while (i < n && slice_eq(rows[i].steps[depth].text,
	    rows[0].steps[depth].text))
		i++;
	return i;
}

/* How many of the n rows go on, or end, as the first one does there. */
static size_t
same_end(const struct index_row *rows, size_t n, size_t depth)
{
	const struct pattern_step *first = &rows[0].steps[depth];
	size_t i = 1;

	while (i < n && rows[i].steps[depth].until == first->until &&
	    rows[i].steps[depth].exact == first->exact)
		i++;
	return i;
}

static int	level_build(struct index_level *level,
		    const struct index_row *rows, size_t n, size_t depth,
		    struct arena *mem);

static int
list_build(struct index_list *l, const struct index_row *rows, size_t n,
    struct arena *mem)
{
	size_t i;

	l->entries = arena_alloc(mem, n * sizeof(*l->entries));
	if (l->entries == NULL)
		return -1;
	for (i = 0; i < n; i++)
		l->entries[l->n++] = rows[i].entry;
	return 0;
}

static int
group_build(struct index_group *g, const struct index_row *rows, size_t n,
    size_t depth, struct arena *mem)
{
	size_t i, run, hops = 0;

	/* One that is left is tried, whatever more could be asked of it. */
	if (n == 1)
		return list_build(rows->steps[depth].exact ? &g->exact :
		    &g->open, rows, n, mem);
	for (i = 0; i < n; i += run) {
		run = same_end(rows + i, n - i, depth);
		hops++;
	}
	if ((g->hops = arena_alloc(mem, hops * sizeof(*g->hops))) == NULL)
		return -1;
	for (i = 0; i < n; i += run) {
		const struct pattern_step *step = &rows[i].steps[depth];
		struct index_hop *hop;

		run = same_end(rows + i, n - i, depth);
		if (step->until == '\0') {
			if (list_build(step->exact ? &g->exact : &g->open,
			    rows + i, run, mem) == -1)
				return -1;
			continue;
		}
		hop = &g->hops[g->n_hops++];
		hop->until = step->until;
		if (level_build(&hop->next, rows + i, run, depth + 1,
		    mem) == -1)
			return -1;
	}
	return 0;
}

/* Texts are sorted, so a group's parent is the one before it or one of that
 * one's parents. */
static struct index_group *
find_parent(struct index_group *before, struct slice text)
{
	while (before != NULL && !slice_starts(text, before->text))
		before = before->parent;
	return before;
}

/* They are sorted: what the first and the last have, all have. */
static size_t
common_start(struct slice first, struct slice last)
{
	size_t i = 0;

	while (i < first.len && i < last.len && first.p[i] == last.p[i])
		i++;
	return i;
}

static int
level_build(struct index_level *level, const struct index_row *rows, size_t n,
    size_t depth, struct arena *mem)
{
	struct index_group *g, *before = NULL;
	size_t i, run, groups = 0;

	for (i = 0; i < n; i += same_text(rows + i, n - i, depth))
		groups++;
	level->groups = arena_alloc(mem, groups * sizeof(*level->groups));
	level->keys = arena_alloc(mem, groups * sizeof(*level->keys));
	if (level->groups == NULL || level->keys == NULL)
		return -1;
	if (n > 0)
		level->common = common_start(rows[0].steps[depth].text,
		    rows[n - 1].steps[depth].text);
	for (i = 0; i < n; i += run) {
		run = same_text(rows + i, n - i, depth);
		level->keys[level->n] = text_key(rows[i].steps[depth].text,
		    level->common);
		g = &level->groups[level->n++];
		g->text = rows[i].steps[depth].text;
		g->parent = find_parent(before, g->text);
		if (group_build(g, rows + i, run, depth, mem) == -1)
			return -1;
		before = g;
	}
	return 0;
}

struct index_level *
index_build(struct index_row *rows, size_t n, struct arena *mem)
{
	struct index_level *level = arena_alloc(mem, sizeof(*level));

	if (n > 0)
		qsort(rows, n, sizeof(*rows), row_compare);
	if (level == NULL || level_build(level, rows, n, 0, mem) == -1)
		return NULL;
	return level;
}

/* ---- asking ---- */

/* The last group whose text does not sort behind the topic, if the topic has
 * the common start.  Every text that the topic starts with is this one's or one
 * of its parents'. */
static const struct index_group *
group_find(const struct index_level *level, struct slice topic)
{
	size_t low = 0, high = level->n, middle;
	uint64_t key = text_key(topic, level->common);

	while (low < high) {
		middle = low + (high - low) / 2;
		if (level->keys[middle] != key ? level->keys[middle] < key :
		    slice_compare(level->groups[middle].text, topic) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &level->groups[low - 1] : NULL;
}

static size_t
list_try(const struct index_list *l, size_t best, index_match_fn match,
    void *arg)
{
	size_t i;

	for (i = 0; i < l->n && l->entries[i] < best; i++)
		if (match(arg, l->entries[i]))
			return l->entries[i];
	return best;
}

/* Recursion is as deep as a channel has parameters. */
size_t
index_find(const struct index_level *level, struct slice topic, size_t best,
    index_match_fn match, void *arg)
{
	const struct index_group *g = group_find(level, topic);
	const char *p;
	size_t i, n;

	for (; g != NULL; g = g->parent) {
		if (!slice_starts(topic, g->text))
			continue;
		if (topic.len == g->text.len)
			best = list_try(&g->exact, best, match, arg);
		best = list_try(&g->open, best, match, arg);
		for (i = 0; i < g->n_hops; i++) {
			n = topic.len - g->text.len;
			p = n > 0 ? memchr(topic.p + g->text.len,
			    g->hops[i].until, n) : NULL;
			if (p == NULL)
				continue;
			n = topic.len - (size_t)(p - topic.p);
			best = index_find(&g->hops[i].next, slice_of(p, n),
			    best, match, arg);
		}
	}
	return best;
}
