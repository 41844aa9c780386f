/*
 * plan.h: maintenance that begins later, and when it is announced.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/notice.h"

#define MAINTENANCE_WARNINGS_MAX	8

/* The times at which a plan is announced: ms since 1970, ascending. */
struct maintenance_warnings {
	int64_t v[MAINTENANCE_WARNINGS_MAX];
	size_t	n;
};

/* All zero if nothing is planned. */
struct maintenance_plan {
	int64_t	   at;		/* ms since 1970, when it begins; or 0 */
	struct buf event;	/* owned; it is published at that time */
	struct maintenance_warnings warn;	/* not announced yet */
};

/* Add a time in its place.  A time that is there already is not added twice.
 * False if there is no room. */
bool	maintenance_plan_add_warning(struct maintenance_warnings *w,
	    int64_t wall_ms);

/* Plan *n for that time.  0, or -1 when out of memory. */
int	maintenance_plan_init(struct maintenance_plan *p,
	    const struct notice *n, int64_t at,
	    const struct maintenance_warnings *warn);

void	maintenance_plan_clear(struct maintenance_plan *p);

/* When the next announcement or the start is due; 0 if nothing is planned. */
int64_t	maintenance_plan_next(const struct maintenance_plan *p);

/* Remove the announcements that are due.  Whether there was one. */
bool	maintenance_plan_take_warnings(struct maintenance_warnings *w,
	    int64_t wall_ms);

/* The notice that announces that *n begins at that time. */
struct notice maintenance_plan_announcement(const struct notice *n,
	    int64_t at);

/* Append a time as a JSON string.  0 or -1. */
int	maintenance_plan_write_time(struct buf *out, int64_t wall_ms);

/* Append the times as a JSON list; append nothing if there are none.  The text
 * `open` begins the list and ends in its bracket.  0 or -1. */
int	maintenance_plan_write_warnings(struct buf *out, const char *open,
	    const struct maintenance_warnings *w);

/* Append {"at":…,"event":…,"warn":[…]}, or null.  0 or -1. */
int	maintenance_plan_describe(const struct maintenance_plan *p,
	    struct buf *out);
