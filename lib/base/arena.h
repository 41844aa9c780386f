/*
 * arena.h: memory that is freed all at once.
 *
 * For trees and tables that are built, read and dropped as a whole.  Nothing is
 * freed piece by piece, and nothing must be undone when building fails
 * half-way.  A zeroed struct arena is empty and ready.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *head;	/* owned; newest first */
	char		   *next;	/* the free part of the newest block */
	size_t		    left;	/* bytes in that free part */
};

/* n zeroed bytes, aligned for any type, or NULL when out of memory. */
void   *arena_alloc(struct arena *a, size_t n);

/* A copy of the bytes with a NUL after it, or NULL when out of memory. */
char   *arena_copy(struct arena *a, struct slice s);

/* Free everything; the arena is empty and usable again. */
void	arena_clear(struct arena *a);

/* The same, after everything was filled with zeros: it holds secrets. */
void	arena_wipe(struct arena *a);
