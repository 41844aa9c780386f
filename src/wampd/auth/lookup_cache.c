/*
 * lookup_cache.c: the answers of a program that says who somebody is.
 */
#include "wampd/auth/lookup_cache.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "wampd/auth/users.h"

#define TTL_NONE	5000	/* ms: who is new should not wait longer */

struct lookup_entry {
	TAILQ_ENTRY(lookup_entry) link;
	struct user   *user;		/* owned; NULL: nobody was found */
	int64_t	       until;		/* ms, monotonic */
	unsigned char  key[LOOKUP_KEY_SIZE];
};

static struct slice
entry_key(const void *entry)
{
	return slice_of((const char *)((const struct lookup_entry *)entry)->
	    key, LOOKUP_KEY_SIZE);
}

void
lookup_cache_init(struct lookup_cache *c, size_t most, int64_t ttl)
{
	*c = (struct lookup_cache){ .most = most };
	map_init(&c->map, entry_key);
	TAILQ_INIT(&c->list[0]);
	TAILQ_INIT(&c->list[1]);
	c->ttl[0] = ttl < TTL_NONE ? ttl : TTL_NONE;
	c->ttl[1] = ttl;
}

void
lookup_key(unsigned char key[LOOKUP_KEY_SIZE], struct slice text)
{
	(void)crypto_generichash(key, LOOKUP_KEY_SIZE,
	    (const unsigned char *)text.p, text.len, NULL, 0);
}

static void
forget(struct lookup_cache *c, struct lookup_entry *x)
{
	bool found = x->user != NULL;

	(void)map_remove(&c->map, entry_key(x));
	TAILQ_REMOVE(&c->list[found], x, link);
	c->n[found]--;
	user_free(x->user);
	free(x);
}

void
lookup_cache_clear(struct lookup_cache *c)
{
	struct lookup_entry *x;
	int i;

	for (i = 0; i < 2; i++)
		while ((x = TAILQ_FIRST(&c->list[i])) != NULL)
			forget(c, x);
	map_clear(&c->map);
}

bool
lookup_cache_find(struct lookup_cache *c,
    const unsigned char key[LOOKUP_KEY_SIZE], int64_t now,
    const struct user **u)
{
	struct lookup_entry *x = map_find(&c->map,
	    slice_of((const char *)key, LOOKUP_KEY_SIZE));

	/* An old one is not freed here, because somebody may be using it who
	 * is being told of it. */
	if (x == NULL || x->until <= now)
		return false;
	*u = x->user;
	return true;
}

/* Make room.  All of a list last equally long, so the oldest end first. */
static void
make_room(struct lookup_cache *c, bool found, int64_t now)
{
	struct lookup_entry *x;

	while ((x = TAILQ_FIRST(&c->list[found])) != NULL &&
	    (x->until <= now || c->n[found] >= c->most))
		forget(c, x);
	map_shrink(&c->map);
}

const struct user *
lookup_cache_add(struct lookup_cache *c,
    const unsigned char key[LOOKUP_KEY_SIZE], int64_t now, struct user *u)
{
	bool found = u != NULL;
	struct lookup_entry *x;

	x = map_find(&c->map, slice_of((const char *)key, LOOKUP_KEY_SIZE));
	if (x != NULL)
		forget(c, x);
	make_room(c, found, now);
	if ((x = calloc(1, sizeof(*x))) == NULL) {
		user_free(u);
		return NULL;
	}
	memcpy(x->key, key, LOOKUP_KEY_SIZE);
	x->until = now + c->ttl[found];
	x->user = u;
	if (map_insert(&c->map, x) == -1) {
		user_free(u);
		free(x);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&c->list[found], x, link);
	c->n[found]++;
	return u;
}
