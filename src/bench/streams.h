/*
 * streams.h: which number each subscriber is to get next of each stream, for
 * streams that nobody has announced.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct stream {
	uint64_t key;
	uint64_t next;		/* the number due; 0: an unused slot */
};

struct streams {
	struct stream *v;	/* owned; open addressing */
	size_t	       cap;	/* a power of two, or 0 */
	size_t	       used;
};

/* The stream of that key, or NULL when out of memory.  Of a new one next is
 * 0, and must be more by the next call. */
struct stream *streams_obtain(struct streams *s, uint64_t key);

void	streams_clear(struct streams *s);
