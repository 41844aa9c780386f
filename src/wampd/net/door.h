/*
 * door.h: the bounds of connections that are not a session yet.
 *
 * Such a connection is a visit.  Visits are bounded in time and in number, in
 * all and per address.  When there are too many, the oldest must go: so whoever
 * connects and does nothing keeps nobody out.
 *
 * Refusals are counted by cause, and logged, but only a few per second.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/map.h"
#include "base/slice.h"
#include "wampd/core/address.h"

struct door;
struct door_origin;
struct visit;

TAILQ_HEAD(visit_list, visit);

/* A part of its owner. */
struct visit {
	TAILQ_ENTRY(visit)  link;	/* a visits' list */
	TAILQ_ENTRY(visit)  origin_link; /* origin->visits */
	struct door_origin *origin;	/* NULL: its address does not count */
	int64_t		    since;	/* ms, monotonic: when it began */
};

/* Visits that may last equally long, oldest first. */
struct visits {
	struct visit_list list;
	size_t		  n;
	size_t		  most;
	int64_t		  time;		/* ms */
};

void	visits_init(struct visits *all, size_t most, int64_t time);
void	visits_add(struct visits *all, struct visit *v, int64_t now);
void	visits_remove(struct visits *all, struct visit *v);

/* The oldest visit if there are too many, or if its time is up; or NULL. */
struct visit *visits_excess(const struct visits *all);
struct visit *visits_late(const struct visits *all, int64_t now);

/* The oldest visit if it has begun before that time; or NULL. */
struct visit *visits_older(const struct visits *all, int64_t before);

/* In how many ms the time of the oldest is up, or -1. */
int64_t	visits_wait(const struct visits *all, int64_t now);

/* From now on they may last so long, also those that are there. */
static inline void
visits_renew(struct visits *all, size_t most, int64_t time)
{
	all->most = most;
	all->time = time;
}

struct door {
	struct visits visits;
	struct map    origins;		/* owned; struct door_origin */
	size_t	      most_origin;	/* visits of one address */
	int64_t	      second;		/* ms; of `logged` */
	unsigned      logged;		/* refusals in that second */
	uint64_t      silent;		/* refusals that were not logged */
};

void	door_init(struct door *d, size_t most, size_t most_origin,
	    int64_t time);
void	door_clear(struct door *d);

/* Let other bounds apply.  Nobody leaves at once. */
void	door_renew(struct door *d, size_t most, size_t most_origin,
	    int64_t time);

/* Let a visit in.  The address counts unless it belongs to this machine,
 * because a reverse proxy brings everybody from there.  0, or -1 when out of
 * memory. */
int	door_enter(struct door *d, struct visit *v, const struct address *from,
	    int64_t now);
void	door_leave(struct door *d, struct visit *v);

/* Let it count for another address, because a proxy has told that.  0, or -1
 * when out of memory; then it counts for none. */
int	door_move(struct door *d, struct visit *v, const struct address *to);

/* The visit that must go because there are too many now that v is in: the
 * oldest of its address, or of all.  NULL if there is none. */
struct visit *door_excess(const struct door *d, const struct visit *v);

/* Whether one more refusal may be logged in this second. */
bool	door_may_log(struct door *d, int64_t now);

/* When a second is over, log how many refusals were not logged in it.  In how
 * many ms that must be done, or -1. */
int64_t	door_log_rest(struct door *d, int64_t now);
