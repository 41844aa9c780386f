/*
 * map.c: a hash map from bytes to pointers.
 *
 * Linear probing.  At most three quarters of the slots are used, counting
 * tombstones; growing removes the tombstones.  The full hash is stored beside
 * each value, so a probe reads a value only if all 64 bits are equal.
 */
#include "base/map.h"

#include <sodium.h>
#include <stdlib.h>

#define MAP_MIN		8	/* slots */

static char map_tomb;		/* its address marks a removed slot */
#define MAP_TOMB	((void *)&map_tomb)

static uint64_t
map_hash(struct slice key)
{
	static unsigned char secret[crypto_shorthash_KEYBYTES];
	static bool seeded;
	uint64_t h;

	/* It is constant after the start, so it is not the kind of mutable
	 * state that the style forbids. */
	if (!seeded) {
		crypto_shorthash_keygen(secret);
		seeded = true;
	}
	crypto_shorthash((unsigned char *)&h, (const unsigned char *)key.p,
	    key.len, secret);
	return h;
}

void
map_init(struct map *m, map_key_fn key)
{
	*m = (struct map){ .key = key };
}

void
map_clear(struct map *m)
{
	free(m->slots);
	map_init(m, m->key);
}

static bool
slot_live(const struct map_slot *s)
{
	return s->value != NULL && s->value != MAP_TOMB;
}

/* The slot that holds the key, or NULL. */
static struct map_slot *
map_probe(const struct map *m, struct slice key, uint64_t hash)
{
	struct map_slot *s;
	size_t i;

	if (m->cap == 0)
		return NULL;
	for (i = hash & (m->cap - 1); ; i = (i + 1) & (m->cap - 1)) {
		s = &m->slots[i];
		if (s->value == NULL)
			return NULL;
		if (s->hash == hash && s->value != MAP_TOMB &&
		    slice_eq(m->key(s->value), key))
			return s;
	}
}

void *
map_find(const struct map *m, struct slice key)
{
	struct map_slot *s;

	if (m->count == 0)
		return NULL;
	s = map_probe(m, key, map_hash(key));
	return s != NULL ? s->value : NULL;
}

/* Put a value into the first free slot; there is one. */
static void
map_place(struct map_slot *slots, size_t cap, uint64_t hash, void *value)
{
	size_t i = hash & (cap - 1);

	while (slots[i].value != NULL)
		i = (i + 1) & (cap - 1);
	slots[i] = (struct map_slot){ .hash = hash, .value = value };
}

/* Resize the table for n live values, without tombstones. */
static int
map_resize(struct map *m, size_t count)
{
	size_t i, cap = MAP_MIN;
	struct map_slot *slots;

	while (count > cap / 2)
		cap *= 2;
	if ((slots = calloc(cap, sizeof(*slots))) == NULL)
		return -1;
	for (i = 0; i < m->cap; i++)
		if (slot_live(&m->slots[i]))
			map_place(slots, cap, m->slots[i].hash,
			    m->slots[i].value);
	free(m->slots);
	m->slots = slots;
	m->cap = cap;
	m->used = m->count;
	return 0;
}

int
map_insert(struct map *m, void *value)
{
	/* The size depends on live values only, so a map whose values only
	 * change keeps its size. */
	if (m->used + 1 > m->cap / 4 * 3 && map_resize(m, m->count + 1) == -1)
		return -1;
	map_place(m->slots, m->cap, map_hash(m->key(value)), value);
	m->count++;
	m->used++;
	return 0;
}

void *
map_remove(struct map *m, struct slice key)
{
	struct map_slot *s;
	void *value;

	if (m->count == 0 || (s = map_probe(m, key, map_hash(key))) == NULL)
		return NULL;
	value = s->value;
	s->value = MAP_TOMB;
	m->count--;
	if (m->count == 0)		/* nothing left: forget tombstones */
		map_clear(m);
	return value;
}

void
map_shrink(struct map *m)
{
	if (m->count < m->cap / 8)
		(void)map_resize(m, m->count);	/* else it stays as it is */
}

void *
map_next(const struct map *m, size_t *pos)
{
	while (*pos < m->cap) {
		const struct map_slot *s = &m->slots[(*pos)++];

		if (slot_live(s))
			return s->value;
	}
	return NULL;
}
