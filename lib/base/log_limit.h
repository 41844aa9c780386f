/*
 * log_limit.h: how many lines of each kind are logged.
 *
 * Lines of the same format and level are of one kind.  A kind may log `burst`
 * lines at once, and `rate` lines a second in the long run.  The others are
 * counted, and their number is logged from time to time.  So whoever causes
 * lines, such as a client that connects again and again, cannot fill a disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_KINDS	512	/* more kinds share the last place */
#define LOG_TELL	10000	/* ms from the first line that was not logged
				 * to the line that says how many */

struct log_kind {
	const char *fmt;	/* static; NULL: a free place */
	int	    level;
	int64_t	    left;	/* thousandths of lines that may be logged */
	int64_t	    at;		/* ms, monotonic: the time of left */
	uint64_t    silent;	/* lines that were not logged and not told */
	int64_t	    due;	/* ms, monotonic: when to tell them */
};

/* Zeroed: there is no limit. */
struct log_limits {
	int64_t	rate;		/* lines a second; 0: no limit */
	int64_t	burst;		/* lines */
	size_t	silent;		/* kinds with lines to be told */
	struct log_kind kinds[LOG_KINDS];
};

/* Whether a line of that kind may be logged now; it is counted if not. */
bool	log_limit_take(struct log_limits *all, const char *fmt, int level,
	    int64_t now);

/* A kind whose lines are to be told at that time, or NULL.  The caller tells
 * kind->silent; *n is that number, which is 0 again in the kind. */
const struct log_kind *log_limit_due(struct log_limits *all, int64_t now,
	    uint64_t *n);

/* In how many ms the next kind is to be told; -1: never. */
int64_t	log_limit_wait(const struct log_limits *all, int64_t now);
