/*
 * source.c: who sessions come from: addresses and users.
 */
#include "wampd/core/source.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/address.h"
#include "wampd/core/broker.h"

#define NAME_MAX_LEN	255	/* bytes of a user's name that count */

/* In front of a user's name; that of an address is another one. */
#define USER		'u'

struct key {
	size_t len;		/* 0: it is no source */
	char   text[1 + NAME_MAX_LEN];
};

static struct slice
source_key(const void *source)
{
	const struct source *o = source;

	return slice_of(o->key, o->len);
}

void
sources_init(struct sources *all)
{
	map_init(&all->by_key, source_key);
}

void
sources_clear(struct sources *all)
{
	struct source *o;
	size_t at = 0;

	while ((o = map_next(&all->by_key, &at)) != NULL)
		free(o);
	map_clear(&all->by_key);
}

static struct key
key_of_address(const struct address *a)
{
	struct key k = { 0 };

	if (address_key(k.text, a))
		k.len = ADDRESS_KEY_SIZE;
	return k;
}

static struct key
key_of_user(const struct principal *p)
{
	struct key k = { .text = { USER } };
	const char *name = principal_user(p);

	if (name == NULL || principal_in(p, WHO_LOCAL | WHO_BACKEND))
		return k;
	k.len = strnlen(name, NAME_MAX_LEN);
	memcpy(k.text + 1, name, k.len);
	k.len++;
	return k;
}

static struct source *
source_find(const struct sources *all, const struct key *k)
{
	return k->len == 0 ? NULL :
	    map_find(&all->by_key, slice_of(k->text, k->len));
}

struct source *
source_of_address(const struct sources *all, const struct address *a)
{
	struct key k = key_of_address(a);

	return source_find(all, &k);
}

struct source *
source_of_user(const struct sources *all, const struct principal *p)
{
	struct key k = key_of_user(p);

	return source_find(all, &k);
}

/* The key is not that of nobody.  NULL when out of memory. */
static struct source *
source_obtain(struct sources *all, const struct key *k)
{
	struct source *o = source_find(all, k);

	if (o != NULL || (o = calloc(1, sizeof(*o) + k->len)) == NULL)
		return o;
	o->len = (uint16_t)k->len;
	memcpy(o->key, k->text, k->len);
	if (map_insert(&all->by_key, o) == 0)
		return o;
	free(o);
	return NULL;
}

static void
source_settle(struct sources *all, struct source *o)
{
	if (o->sessions > 0 || o->kept > 0 || o->requests > 0)
		return;
	(void)map_remove(&all->by_key, source_key(o));
	map_shrink(&all->by_key);
	free(o);
}

int
source_enter(struct session *s, const struct address *from)
{
	struct key k = key_of_address(from);

	if (k.len == 0)
		return 0;
	s->source = source_obtain(&s->broker->sources, &k);
	if (s->source == NULL)
		return -1;
	s->source->sessions++;
	s->source->full = false;
	return 0;
}

void
source_leave(struct session *s)
{
	struct source *o = s->source;

	if (o == NULL)
		return;
	s->source = NULL;
	o->sessions--;
	source_settle(&s->broker->sources, o);
}

int
source_enter_user(struct sources *all, const struct principal *p)
{
	struct key k = key_of_user(p);
	struct source *o;

	if (k.len == 0)
		return 0;
	if ((o = source_obtain(all, &k)) == NULL)
		return -1;
	o->sessions++;
	o->full = false;
	return 0;
}

void
source_leave_user(struct sources *all, const struct principal *p)
{
	struct source *o = source_of_user(all, p);

	/* There is none if memory was out. */
	if (o == NULL || o->sessions == 0)
		return;
	o->sessions--;
	source_settle(all, o);
}

struct source *
source_that_retains(const struct session *s)
{
	if (s == NULL || principal_in(s->principal, WHO_LOCAL | WHO_BACKEND))
		return NULL;
	if (principal_in(s->principal, WHO_AUTHENTICATED))
		return source_of_user(&s->broker->sources, s->principal);
	return s->source;
}

void
source_charge(struct source *o, enum source_kind kind, size_t bytes)
{
	o->bytes[kind] += bytes;
	o->kept++;
}

void
source_release(struct sources *all, struct source *o, enum source_kind kind,
    size_t bytes)
{
	o->bytes[kind] -= bytes;
	o->kept--;
	source_settle(all, o);
}

void
source_ask(struct source *o)
{
	o->requests++;
}

void
source_answered(struct sources *all, struct source *o)
{
	o->requests--;
	source_settle(all, o);
}
