/*
 * collection.c: definitions in order, each name once.
 */
#include "route/collection.h"

#include <string.h>

static struct slice
definition_name(const void *value)
{
	return slice_str(((const struct definition *)value)->name);
}

void
collection_init(struct collection *c)
{
	TAILQ_INIT(&c->list);
	map_init(&c->names, definition_name);
}

void
collection_clear(struct collection *c)
{
	map_clear(&c->names);
	TAILQ_INIT(&c->list);
}

/* The new one takes the old one's name.  A file that is read twice is no news;
 * one that had taken a third one's place hands that on. */
static void
note_replaced(struct definition *def, const struct definition *old)
{
	if (strcmp(def->file, old->file) != 0 || def->line != old->line)
		def->replaced = old;
	else if (def->replaced == NULL)
		def->replaced = old->replaced;
}

int
collection_put(struct collection *c, struct definition *def)
{
	struct definition *old = map_remove(&c->names, slice_str(def->name));

	if (old != NULL) {
		note_replaced(def, old);
		TAILQ_INSERT_BEFORE(old, def, link);
		TAILQ_REMOVE(&c->list, old, link);
	} else {
		TAILQ_INSERT_TAIL(&c->list, def, link);
	}
	return map_insert(&c->names, def);
}

int
collection_merge(struct collection *c, struct collection *other)
{
	struct definition *def, *old;

	while ((def = TAILQ_FIRST(&other->list)) != NULL) {
		TAILQ_REMOVE(&other->list, def, link);
		old = map_remove(&c->names, slice_str(def->name));
		if (old != NULL) {
			note_replaced(def, old);
			TAILQ_REMOVE(&c->list, old, link);
		}
		TAILQ_INSERT_TAIL(&c->list, def, link);
		if (map_insert(&c->names, def) == -1)
			return -1;
	}
	return 0;
}
