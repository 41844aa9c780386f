/*
 * lookup_cache.h: the answers of a program that says who somebody is.
 *
 * Who was found, and what was not found, have room of their own: so whoever
 * asks about names that do not exist pushes nobody out.  Only hashes of what
 * was asked about are kept, because it may be a secret.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/map.h"
#include "base/slice.h"

#define LOOKUP_KEY_SIZE	32	/* bytes of a hash */

struct lookup_entry;
struct user;

TAILQ_HEAD(lookup_entries, lookup_entry);

struct lookup_cache {
	struct map	      map;	/* owned; of entries */
	struct lookup_entries list[2];	/* not found, found; oldest first */
	size_t		      n[2];
	size_t		      most;	/* of each */
	int64_t		      ttl[2];	/* ms */
};

void	lookup_cache_init(struct lookup_cache *c, size_t most, int64_t ttl);
void	lookup_cache_clear(struct lookup_cache *c);

/* Hash what is asked about. */
void	lookup_key(unsigned char key[LOOKUP_KEY_SIZE], struct slice text);

/* Whether the answer is known; *u is NULL if nobody was found. */
bool	lookup_cache_find(struct lookup_cache *c,
	    const unsigned char key[LOOKUP_KEY_SIZE], int64_t now,
	    const struct user **u);

/* Keep an answer that is not known.  Takes u, which may be NULL.  Returns the
 * user as it is kept: NULL when there was no memory. */
const struct user *lookup_cache_add(struct lookup_cache *c,
	    const unsigned char key[LOOKUP_KEY_SIZE], int64_t now,
	    struct user *u);
