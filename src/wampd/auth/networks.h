/*
 * networks.h: a set of networks, and whether it holds an address.
 *
 * The set is a hash map.  A lookup masks the address with each length of prefix
 * that is in use, the longest first.  So it takes as long for ten entries as
 * for a hundred thousand, and entries are added and removed one by one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/network.h"

struct address;
struct opt_list;

#define NETWORKS_LENGTHS 129	/* 0 to 128 bits */

struct networks_entry {
	struct network net;
	int64_t	       until;	/* ms since 1970, from when on it does not
				 * count; 0: it always does */
};

struct networks {
	struct map map;		/* owned; of entries */
	uint32_t   lengths[2][NETWORKS_LENGTHS]; /* entries of that length, in
				 * IPv4 and in IPv6 */
};

void	networks_init(struct networks *all);
void	networks_clear(struct networks *all);

/* Add a network, or give it another end.  0, or -1 when out of memory. */
int	networks_add(struct networks *all, const struct network *n,
	    int64_t until);

/* Read the texts of a list and add them.  0, or -1 with *e filled. */
int	networks_read(struct networks *all, const struct opt_list *texts,
	    struct errbuf *e);

/* The entry of exactly that network, or NULL. */
const struct networks_entry *networks_find(const struct networks *all,
	    const struct network *n);

/* Remove exactly that network.  Whether it was there. */
bool	networks_remove(struct networks *all, const struct network *n);

/* Remove the entries that have ended by `wall`, in ms since 1970.  Returns when
 * the next one ends, or 0 if none does. */
int64_t	networks_expire(struct networks *all, int64_t wall);

/* The smallest network that holds the address and counts at `wall`, or NULL.
 * An address that is neither IPv4 nor IPv6 is in none. */
const struct networks_entry *networks_match(const struct networks *all,
	    const struct address *a, int64_t wall);

/* Walk all entries in no particular order, as map_next(). */
const struct networks_entry *networks_next(const struct networks *all,
	    size_t *pos);

static inline size_t
networks_count(const struct networks *all)
{
	return all->map.count;
}
