/*
 * map.h: a hash map from bytes to pointers.
 *
 * Open addressing with (hash, value) pairs.  The key is a part of the value,
 * and the map's key function returns it, so that a map stores no keys.  The
 * hash is SipHash with a random key (libsodium), because keys come from the
 * network.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* The key of a stored value, borrowed from it; stable while it is stored. */
typedef struct slice (*map_key_fn)(const void *value);

struct map_slot {
	uint64_t hash;
	void	*value;		/* borrowed; NULL: free, MAP_TOMB: removed */
};

struct map {
	struct map_slot *slots;	/* owned; NULL while cap is 0 */
	size_t	     cap;	/* slots; a power of two, or 0 */
	size_t	     count;	/* live values */
	size_t	     used;	/* live values and tombstones */
	map_key_fn   key;
};

/* Prepare an empty map.  Allocates nothing. */
void	map_init(struct map *m, map_key_fn key);

/* Free the slots; the values belong to the caller. */
void	map_clear(struct map *m);

/* The value with that key, or NULL. */
void   *map_find(const struct map *m, struct slice key);

/* Add a value whose key is not in the map.  0, or -1 when out of memory. */
int	map_insert(struct map *m, void *value);

/* Remove the value with that key and return it, or NULL. */
void   *map_remove(struct map *m, struct slice key);

/* Free slots of a map that was much larger before. */
void	map_shrink(struct map *m);

/* Walk all values in no particular order.  Start with *pos = 0; NULL at the
 * end.  The value that was just returned may be removed in between, but nothing
 * may be inserted. */
void   *map_next(const struct map *m, size_t *pos);
