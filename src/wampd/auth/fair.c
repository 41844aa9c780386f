/*
 * fair.c: a queue of jobs for visitors, in which the addresses take turns.
 */
#include "wampd/auth/fair.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "wampd/core/address.h"

#define SHARE	8		/* of the jobs may be those of one address */

struct fair_origin {
	TAILQ_ENTRY(fair_origin) link;	/* fair->turns */
	struct fair_list jobs;
	size_t		 n;
	bool		 here;		/* this machine: without a bound */
	char		 key[ADDRESS_KEY_SIZE];
};

static struct slice
origin_key(const void *origin)
{
	return slice_of(((const struct fair_origin *)origin)->key,
	    ADDRESS_KEY_SIZE);
}

void
fair_init(struct fair *f, size_t most)
{
	*f = (struct fair){ .most = most };
	f->most_origin = most / SHARE > 0 ? most / SHARE : 1;
	map_init(&f->map, origin_key);
	TAILQ_INIT(&f->turns);
}

void
fair_clear(struct fair *f)
{
	map_clear(&f->map);
}

static struct fair_origin *
origin_obtain(struct fair *f, const struct address *from)
{
	char key[ADDRESS_KEY_SIZE];
	struct fair_origin *o;

	(void)address_key(key, from);
	o = map_find(&f->map, slice_of(key, sizeof(key)));
	if (o != NULL || (o = calloc(1, sizeof(*o))) == NULL)
		return o;
	TAILQ_INIT(&o->jobs);
	o->here = key[0] == 0;
	memcpy(o->key, key, sizeof(key));
	if (map_insert(&f->map, o) == -1) {
		free(o);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&f->turns, o, link);
	return o;
}

/* The origin loses a job. */
static void
origin_lose(struct fair *f, struct fair_origin *o)
{
	f->n--;
	if (--o->n > 0)
		return;
	TAILQ_REMOVE(&f->turns, o, link);
	(void)map_remove(&f->map, origin_key(o));
	map_shrink(&f->map);
	free(o);
}

int
fair_push(struct fair *f, struct fair_job *j, const struct address *from)
{
	struct fair_origin *o;

	j->origin = NULL;
	if (f->n >= f->most || (o = origin_obtain(f, from)) == NULL)
		return -1;
	/* Then it has jobs, and stays. */
	if (!o->here && o->n >= f->most_origin)
		return -1;
	j->origin = o;
	TAILQ_INSERT_TAIL(&o->jobs, j, link);
	o->n++;
	f->n++;
	return 0;
}

struct fair_job *
fair_pop(struct fair *f)
{
	struct fair_origin *o = TAILQ_FIRST(&f->turns);
	struct fair_job *j;

	if (o == NULL)
		return NULL;
	TAILQ_REMOVE(&f->turns, o, link);
	TAILQ_INSERT_TAIL(&f->turns, o, link);
	j = TAILQ_FIRST(&o->jobs);
	fair_remove(f, j);
	return j;
}

void
fair_remove(struct fair *f, struct fair_job *j)
{
	struct fair_origin *o = j->origin;

	if (o == NULL)
		return;
	j->origin = NULL;
	TAILQ_REMOVE(&o->jobs, j, link);
	origin_lose(f, o);
}
