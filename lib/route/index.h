/*
 * index.h: finds the patterns that can match a topic.
 *
 * Patterns are sorted by their static parts (struct pattern_step): texts, and
 * parameters between them that can be skipped.  A few binary searches find the
 * entries to try for a topic, however many routes have the same beginning or
 * end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "route/pattern.h"

struct index_level;

struct index_row {
	const struct pattern_step *steps;	/* borrowed */
	size_t	     entry;		/* caller's number */
};

/* Sort the rows and build the index in the arena; NULL when out of memory. */
struct index_level *index_build(struct index_row *rows, size_t n,
	    struct arena *mem);

/* Whether the entry matches. */
typedef bool (*index_match_fn)(void *arg, size_t entry);

/* The lowest entry below `best` that matches the topic; else best. */
size_t	index_find(const struct index_level *index, struct slice topic,
	    size_t best, index_match_fn match, void *arg);
