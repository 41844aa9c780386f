/*
 * networks.c: a set of networks, and whether it holds an address.
 */
#include "wampd/auth/networks.h"

#include <stdlib.h>

#include "base/opt_list.h"
#include "wampd/core/address.h"

static struct slice
key_of(const struct network *n)
{
	return slice_of((const char *)n, sizeof(*n));
}

static struct slice
entry_key(const void *entry)
{
	return key_of(&((const struct networks_entry *)entry)->net);
}

/* How many entries have its family and length. */
static uint32_t *
length_of(struct networks *all, const struct network *n)
{
	return &all->lengths[n->family == 6][n->bits];
}

void
networks_init(struct networks *all)
{
	*all = (struct networks){ .map = { .count = 0 } };
	map_init(&all->map, entry_key);
}

void
networks_clear(struct networks *all)
{
	size_t pos = 0;
	void *entry;

	while ((entry = map_next(&all->map, &pos)) != NULL)
		free(entry);
	map_clear(&all->map);
	networks_init(all);
}

int
networks_add(struct networks *all, const struct network *n, int64_t until)
{
	struct networks_entry *entry = map_find(&all->map, key_of(n));

	if (entry != NULL) {
		entry->until = until;
		return 0;
	}
	if ((entry = calloc(1, sizeof(*entry))) == NULL)
		return -1;
	entry->net = *n;
	entry->until = until;
	if (map_insert(&all->map, entry) == -1) {
		free(entry);
		return -1;
	}
	++*length_of(all, n);
	return 0;
}

int
networks_read(struct networks *all, const struct opt_list *texts,
    struct errbuf *e)
{
	struct network net;
	size_t i;

	for (i = 0; i < texts->n; i++) {
		if (network_parse(&net, texts->v[i], e) == -1)
			return -1;
		if (networks_add(all, &net, 0) == -1) {
			err_set(e, "out of memory");
			return -1;
		}
	}
	return 0;
}

const struct networks_entry *
networks_find(const struct networks *all, const struct network *n)
{
	return map_find(&all->map, key_of(n));
}

bool
networks_remove(struct networks *all, const struct network *n)
{
	struct networks_entry *entry = map_remove(&all->map, key_of(n));

	if (entry == NULL)
		return false;
	--*length_of(all, &entry->net);
	free(entry);
	map_shrink(&all->map);
	return true;
}

int64_t
networks_expire(struct networks *all, int64_t wall)
{
	struct networks_entry *entry;
	int64_t next = 0;
	size_t pos = 0;

	while ((entry = map_next(&all->map, &pos)) != NULL) {
		if (entry->until == 0)
			continue;
		if (entry->until > wall) {
			if (next == 0 || entry->until < next)
				next = entry->until;
			continue;
		}
		(void)map_remove(&all->map, entry_key(entry));
		--*length_of(all, &entry->net);
		free(entry);
	}
	map_shrink(&all->map);
	return next;
}

const struct networks_entry *
networks_match(const struct networks *all, const struct address *a,
    int64_t wall)
{
	const struct networks_entry *entry;
	const uint32_t *lengths;
	struct network n;
	int bits;

	if (all->map.count == 0 || !address_network(a, &n))
		return NULL;
	lengths = all->lengths[n.family == 6];
	for (bits = n.bits; bits >= 0; bits--) {
		if (lengths[bits] == 0)
			continue;
		network_widen(&n, (unsigned)bits);
		entry = networks_find(all, &n);
		if (entry != NULL && (entry->until == 0 ||
		    entry->until > wall))
			return entry;
	}
	return NULL;
}

const struct networks_entry *
networks_next(const struct networks *all, size_t *pos)
{
	return map_next(&all->map, pos);
}
