/*
 * seen.c: proofs that were used.
 */
#include "wampd/auth/seen.h"

#include <stdlib.h>
#include <string.h>

struct seen_proof {
	TAILQ_ENTRY(seen_proof) link;
	int64_t used;		/* ms, monotonic */
	char	key[SEEN_KEY_SIZE];
};

static struct slice
proof_key(const void *proof)
{
	return slice_of(((const struct seen_proof *)proof)->key,
	    SEEN_KEY_SIZE);
}

void
seen_init(struct seen *s, size_t most, int64_t time)
{
	map_init(&s->map, proof_key);
	TAILQ_INIT(&s->list);
	s->most = most;
	s->time = time;
}

static void
forget(struct seen *s, struct seen_proof *p)
{
	(void)map_remove(&s->map, proof_key(p));
	TAILQ_REMOVE(&s->list, p, link);
	free(p);
}

void
seen_clear(struct seen *s)
{
	struct seen_proof *p;

	while ((p = TAILQ_FIRST(&s->list)) != NULL)
		forget(s, p);
	map_clear(&s->map);
}

bool
seen_has(const struct seen *s, struct slice proof)
{
	return s->map.count > 0 &&
	    map_find(&s->map, slice_of(proof.p, SEEN_KEY_SIZE)) != NULL;
}

enum seen_result
seen_add(struct seen *s, struct slice proof, int64_t now)
{
	struct seen_proof *p;

	while ((p = TAILQ_FIRST(&s->list)) != NULL &&
	    p->used + s->time <= now)
		forget(s, p);
	map_shrink(&s->map);
	if (seen_has(s, proof))
		return SEEN_BEFORE;
	if (s->map.count >= s->most)
		return SEEN_FULL;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return SEEN_NO_MEMORY;
	memcpy(p->key, proof.p, SEEN_KEY_SIZE);
	p->used = now;
	if (map_insert(&s->map, p) == -1) {
		free(p);
		return SEEN_NO_MEMORY;
	}
	TAILQ_INSERT_TAIL(&s->list, p, link);
	return SEEN_NEW;
}
