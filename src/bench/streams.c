/*
 * streams.c: the next number that each subscriber must get of each stream.
 */
#include "bench/streams.h"

#include <stdlib.h>

#define CAP_MIN		64

/* Fibonacci hashing.  Both halves of a key are sequential numbers, and only the
 * top bits of the product depend on all bits of the key. */
static size_t
streams_slot(const struct streams *s, uint64_t key)
{
	int bits = __builtin_ctzll(s->cap);

	return (size_t)(key * 0x9e3779b97f4a7c15 >> (64 - bits));
}

/* The slot of key, or the unused slot for it, which always exists. */
static struct stream *
streams_find(const struct streams *s, uint64_t key)
{
	size_t i = streams_slot(s, key);

	while (s->v[i].next != 0 && s->v[i].key != key)
		i = (i + 1) & (s->cap - 1);
	return &s->v[i];
}

static int
streams_grow(struct streams *s)
{
	struct streams grown = { .cap = s->cap > 0 ? 2 * s->cap : CAP_MIN };
	size_t i;

	if ((grown.v = calloc(grown.cap, sizeof(*grown.v))) == NULL)
		return -1;
	for (i = 0; i < s->cap; i++)
		if (s->v[i].next != 0)
			*streams_find(&grown, s->v[i].key) = s->v[i];
	grown.used = s->used;
	free(s->v);
	*s = grown;
	return 0;
}

struct stream *
streams_obtain(struct streams *s, uint64_t key)
{
	struct stream *found;

	if (s->used >= s->cap / 2 && streams_grow(s) == -1)
		return NULL;
	found = streams_find(s, key);
	if (found->next == 0) {
		found->key = key;
		s->used++;
	}
	return found;
}

void
streams_clear(struct streams *s)
{
	free(s->v);
	*s = (struct streams){ .v = NULL };
}
