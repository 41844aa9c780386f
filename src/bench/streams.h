/*
 * streams.h: the next number that each subscriber must get of each stream.  The
 * streams need not be known before.
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

/* The stream with that key, or NULL when out of memory.  In a new stream next
 * is 0; the caller must set it before the next call. */
struct stream *streams_obtain(struct streams *s, uint64_t key);

void	streams_clear(struct streams *s);
