/*
 * live.c: what is still kept at the end of a log.
 */
#include "wampd/state/live.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/keep.h"

struct live_topic {
	struct live_topic *next;	/* live->first */
	struct slice	   name;	/* borrowed from the log */
	struct record	  *v;		/* owned; by number */
	size_t		   n, cap;
	size_t		   gone;	/* those before are not kept */
	uint64_t	   retained;	/* the number of the last one that was
					 * retained */
};

static struct slice
name_of(const void *value)
{
	return ((const struct live_topic *)value)->name;
}

void
live_init(struct live *l)
{
	*l = (struct live){ .first = NULL };
	l->last = &l->first;
	map_init(&l->topics, name_of);
}

void
live_clear(struct live *l)
{
	struct live_topic *t, *next;

	for (t = l->first; t != NULL; t = next) {
		next = t->next;
		free(t->v);
		free(t);
	}
	map_clear(&l->topics);
	live_init(l);
}

static struct live_topic *
obtain(struct live *l, struct slice name)
{
	struct live_topic *t = map_find(&l->topics, name);

	if (t != NULL || (t = calloc(1, sizeof(*t))) == NULL)
		return t;
	t->name = name;
	if (map_insert(&l->topics, t) == -1) {
		free(t);
		return NULL;
	}
	*l->last = t;
	l->last = &t->next;
	return t;
}

/* The place of the first event with at least that number. */
static size_t
find(const struct live_topic *t, uint64_t number)
{
	size_t low = 0, high = t->n, middle;

	if (high > 0 && t->v[high - 1].number < number)
		return high;		/* the usual case */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->v[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The event that was retained before is not retained any more. */
static void
drop_retained(struct live_topic *t)
{
	size_t i = find(t, t->retained);

	if (i < t->n && t->v[i].number == t->retained)
		t->v[i].as &= ~KEEP_RETAINED;
	/* So a topic without a history takes one place. */
	while (t->n > t->gone && t->v[t->n - 1].as == 0)
		t->n--;
}

static int
add(struct live_topic *t, const struct record *r)
{
	size_t i, cap = t->cap > 0 ? 2 * t->cap : 1;
	struct record *grown;

	if (r->as & KEEP_RETAINED) {
		drop_retained(t);
		t->retained = r->number;
	}
	if (t->n == t->cap) {
		grown = reallocarray(t->v, cap, sizeof(*grown));
		if (grown == NULL)
			return -1;
		t->v = grown;
		t->cap = cap;
	}
	i = find(t, r->number);
	if (i < t->n && t->v[i].number == r->number) {
		t->v[i] = *r;
		return 0;
	}
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof(*t->v));
	t->v[i] = *r;
	t->n++;
	return 0;
}

static void
drop(struct live_topic *t, const struct record *r)
{
	size_t i = find(t, r->number);

	if (i < t->n && t->v[i].number == r->number)
		t->v[i].as &= ~r->as;
	while (t->gone < t->n && t->v[t->gone].as == 0)
		t->gone++;
}

int
live_take(struct live *l, const struct record *r)
{
	struct live_topic *t;

	l->records++;
	if (r->number > l->number)
		l->number = r->number;
	if (r->as & RECORD_DROP) {
		if ((t = map_find(&l->topics, r->topic)) != NULL)
			drop(t, r);
		return 0;
	}
	return (t = obtain(l, r->topic)) != NULL ? add(t, r) : -1;
}

void
live_walk(const struct live *l, void (*fn)(void *ctx, const struct record *r),
    void *ctx)
{
	const struct live_topic *t;
	size_t i;

	for (t = l->first; t != NULL; t = t->next)
		for (i = t->gone; i < t->n; i++)
			if (t->v[i].as != 0)
				fn(ctx, &t->v[i]);
}
