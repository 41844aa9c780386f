/*
 * door.c: the bounds of connections that are not a session yet.
 */
#include "wampd/net/door.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define LOG_PER_SECOND	10	/* refusals */
#define SECOND		1000	/* ms */

/* An address, and who came from there. */
struct door_origin {
	struct visit_list visits;	/* by origin_link, oldest first */
	size_t		  n;
	char		  key[ADDRESS_KEY_SIZE];
};

/* ---- visits ---- */

void
visits_init(struct visits *all, size_t most, int64_t time)
{
	*all = (struct visits){ .most = most, .time = time };
	TAILQ_INIT(&all->list);
}

void
visits_add(struct visits *all, struct visit *v, int64_t now)
{
	v->since = now;
	TAILQ_INSERT_TAIL(&all->list, v, link);
	all->n++;
}

void
visits_remove(struct visits *all, struct visit *v)
{
	TAILQ_REMOVE(&all->list, v, link);
	all->n--;
}

struct visit *
visits_excess(const struct visits *all)
{
	return all->n > all->most ? TAILQ_FIRST(&all->list) : NULL;
}

struct visit *
visits_older(const struct visits *all, int64_t before)
{
	struct visit *v = TAILQ_FIRST(&all->list);

	return v != NULL && v->since < before ? v : NULL;
}

struct visit *
visits_late(const struct visits *all, int64_t now)
{
	struct visit *v = TAILQ_FIRST(&all->list);

	return v != NULL && v->since + all->time <= now ? v : NULL;
}

int64_t
visits_wait(const struct visits *all, int64_t now)
{
	const struct visit *v = TAILQ_FIRST(&all->list);

	return v == NULL ? -1 : clock_left(v->since + all->time, now);
}

/* ---- addresses ---- */

static struct slice
origin_key(const void *origin)
{
	return slice_of(((const struct door_origin *)origin)->key,
	    ADDRESS_KEY_SIZE);
}

static struct door_origin *
origin_obtain(struct door *d, const char key[ADDRESS_KEY_SIZE])
{
	struct door_origin *o;

	o = map_find(&d->origins, slice_of(key, ADDRESS_KEY_SIZE));
	if (o != NULL || (o = calloc(1, sizeof(*o))) == NULL)
		return o;
	TAILQ_INIT(&o->visits);
	memcpy(o->key, key, ADDRESS_KEY_SIZE);
	if (map_insert(&d->origins, o) == 0)
		return o;
	free(o);
	return NULL;
}

/* ---- the door ---- */

static void
log_silent(struct door *d)
{
	if (d->silent > 0)
		log_info("transport=ws refused: %llu more",
		    (unsigned long long)d->silent);
	d->silent = 0;
}

void
door_init(struct door *d, size_t most, size_t most_origin, int64_t time)
{
	*d = (struct door){ .most_origin = most_origin };
	visits_init(&d->visits, most, time);
	map_init(&d->origins, origin_key);
}

void
door_renew(struct door *d, size_t most, size_t most_origin, int64_t time)
{
	visits_renew(&d->visits, most, time);
	d->most_origin = most_origin;
}

void
door_clear(struct door *d)
{
	log_silent(d);
	map_clear(&d->origins);
}

static int
origin_join(struct door *d, struct visit *v, const struct address *from)
{
	char key[ADDRESS_KEY_SIZE];

	v->origin = NULL;
	if (!address_key(key, from))
		return 0;
	if ((v->origin = origin_obtain(d, key)) == NULL)
		return -1;
	TAILQ_INSERT_TAIL(&v->origin->visits, v, origin_link);
	v->origin->n++;
	return 0;
}

static void
origin_leave(struct door *d, struct visit *v)
{
	struct door_origin *o = v->origin;

	if (o == NULL)
		return;
	v->origin = NULL;
	TAILQ_REMOVE(&o->visits, v, origin_link);
	if (--o->n > 0)
		return;
	(void)map_remove(&d->origins, origin_key(o));
	map_shrink(&d->origins);
	free(o);
}

int
door_enter(struct door *d, struct visit *v, const struct address *from,
    int64_t now)
{
	if (origin_join(d, v, from) == -1)
		return -1;
	visits_add(&d->visits, v, now);
	return 0;
}

void
door_leave(struct door *d, struct visit *v)
{
	visits_remove(&d->visits, v);
	origin_leave(d, v);
}

int
door_move(struct door *d, struct visit *v, const struct address *to)
{
	origin_leave(d, v);
	return origin_join(d, v, to);
}

struct visit *
door_excess(const struct door *d, const struct visit *v)
{
	if (v->origin != NULL && v->origin->n > d->most_origin)
		return TAILQ_FIRST(&v->origin->visits);
	return visits_excess(&d->visits);
}

int64_t
door_log_rest(struct door *d, int64_t now)
{
	if (d->silent > 0 && now - d->second < SECOND)
		return clock_left(d->second + SECOND, now);
	log_silent(d);
	return -1;
}

bool
door_may_log(struct door *d, int64_t now)
{
	if (now - d->second >= SECOND) {
		log_silent(d);
		d->second = now;
		d->logged = 0;
	}
	if (d->logged < LOG_PER_SECOND) {
		d->logged++;
		return true;
	}
	d->silent++;
	return false;
}
