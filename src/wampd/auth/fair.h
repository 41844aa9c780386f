/*
 * fair.h: a queue of jobs for visitors, in which no address can delay the jobs
 * of others for long.
 *
 * The addresses take turns, and each has a bounded number of jobs.  In IPv6, 64
 * bits count as one address, because one customer has that many.  Visitors
 * from this machine share a turn, but have no bound of their own: a reverse
 * proxy may bring everybody from there.
 */
#pragma once

#include <stddef.h>
#include <sys/queue.h>

#include "base/map.h"

struct address;
struct fair_origin;

TAILQ_HEAD(fair_list, fair_job);
TAILQ_HEAD(fair_origins, fair_origin);

/* A part of its owner. */
struct fair_job {
	TAILQ_ENTRY(fair_job) link;	/* origin->jobs */
	struct fair_origin   *origin;	/* NULL: it is not in the queue */
};

struct fair {
	struct map	    map;	/* owned; of origins with jobs */
	struct fair_origins turns;	/* the same; who is next comes first */
	size_t		    n;		/* jobs */
	size_t		    most;	/* jobs at one time, at least 1 */
	size_t		    most_origin; /* of these, from one address */
};

/* One address may have an eighth of the jobs. */
void	fair_init(struct fair *f, size_t most);

/* Free what an empty queue has. */
void	fair_clear(struct fair *f);

/* Add a job from that address.  0; or -1 if there are too many, or memory is
 * out. */
int	fair_push(struct fair *f, struct fair_job *j,
	    const struct address *from);

/* Take the next job out.  NULL if there is none. */
struct fair_job *fair_pop(struct fair *f);

/* Take that job out, if it is in the queue. */
void	fair_remove(struct fair *f, struct fair_job *j);
