/*
 * plan.h: maintenance that begins later, and who is told before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/notice.h"

#define PLAN_WARNINGS_MAX	8

/* When it is announced: ms since 1970, ascending. */
struct plan_warnings {
	int64_t v[PLAN_WARNINGS_MAX];
	size_t	n;
};

/* Zeroed: nothing is planned. */
struct maintenance_plan {
	int64_t	   at;		/* ms since 1970, when it begins; or 0 */
	struct buf event;	/* owned; what is published then */
	struct plan_warnings warn;	/* those to come */
};

/* Add a time in its place; one that is there already counts once.  false when
 * there is no room. */
bool	plan_warnings_add(struct plan_warnings *w, int64_t wall_ms);

/* 0, or -1 when out of memory. */
int	plan_init(struct maintenance_plan *p, const struct notice *n,
	    int64_t at, const struct plan_warnings *warn);

void	plan_clear(struct maintenance_plan *p);

/* When something is due next, or 0. */
int64_t	plan_next(const struct maintenance_plan *p);

/* Drop the announcements that are due; whether there was one. */
bool	plan_take_warnings(struct plan_warnings *w, int64_t wall_ms);

/* What is announced of maintenance that begins at that time. */
struct notice plan_announcement(const struct notice *n, int64_t at);

/* Append a time as a JSON string.  0 or -1. */
int	plan_time_write(struct buf *out, int64_t wall_ms);

/* Append the times behind open, which ends in a bracket, and the other one;
 * nothing when there are none.  0 or -1. */
int	plan_warnings_write(struct buf *out, const char *open,
	    const struct plan_warnings *w);

/* Append {"at":…,"event":…,"warn":[…]}, or null.  0 or -1. */
int	plan_describe(const struct maintenance_plan *p, struct buf *out);
