/*
 * seen.h: proofs that were used, so that nobody uses one again.
 *
 * Only proofs that were right are kept, until they have expired.  There is a
 * bound.  When it is reached, no other proof can be used until one of them
 * expires: to forget one early would let it be used again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/map.h"
#include "base/slice.h"

#define SEEN_MOST	262144	/* proofs that are remembered, 100 bytes
				 * each */
#define SEEN_KEY_SIZE	32	/* bytes of a proof that tell it from others */

struct seen_proof;

TAILQ_HEAD(seen_list, seen_proof);

struct seen {
	struct map	 map;	/* owned */
	struct seen_list list;	/* the same, oldest first */
	size_t		 most;
	int64_t		 time;	/* ms that a proof is kept; may be changed */
};

enum seen_result { SEEN_NEW, SEEN_BEFORE, SEEN_FULL, SEEN_NO_MEMORY };

void	seen_init(struct seen *s, size_t most, int64_t time);
void	seen_clear(struct seen *s);

/* Whether that proof, of at least SEEN_KEY_SIZE bytes, was used. */
bool	seen_has(const struct seen *s, struct slice proof);

/* Use a proof. */
enum seen_result seen_add(struct seen *s, struct slice proof, int64_t now);
