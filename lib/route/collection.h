/*
 * collection.h: definitions in order, each name once (oro.md 7.4).
 */
#pragma once

#include <sys/queue.h>

#include "base/map.h"
#include "route/definition.h"

struct collection {
	TAILQ_HEAD(, definition) list;	/* borrowed: the arena's */
	struct map names;
};

void	collection_init(struct collection *c);
void	collection_clear(struct collection *c);

/* Add a definition of the collection's own file.  It replaces one with the same
 * name in its place.  0, or -1 when out of memory. */
int	collection_put(struct collection *c, struct definition *def);

/* Move all definitions of another collection in.  Earlier ones with the same
 * names are removed, and the new ones are added at the end.  0, or -1 when out
 * of memory. */
int	collection_merge(struct collection *c, struct collection *other);
