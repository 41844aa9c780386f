/*
 * retry.h: when to try again, and when to give up: exponential back-off with
 * jitter.  Pure arithmetic: the clock and the dice are the caller's.
 */
#pragma once

#include <stdint.h>

#define RETRY_FOREVER	INT64_MAX

/* As options and profile say; each is -1 when it is not given. */
struct retry_opts {
	int64_t	tries;		/* after the first one */
	int64_t	delay_ms;	/* before the first of them */
	int64_t	max_time_ms;	/* from the first failure on; 0: no bound */
};

#define RETRY_OPTS_INIT	{ .tries = -1, .delay_ms = -1, .max_time_ms = -1 }

struct retry {
	int64_t	 tries;		/* allowed in a row */
	int64_t	 first_ms;	/* the delay before the first of them */
	int64_t	 max_time_ms;	/* 0: no bound */
	int64_t	 end_ms;	/* the last moment for a try; 0: no bound */
	uint32_t (*dice)(void);	/* all numbers are equally likely */
	/* since retry_init() or retry_reset() */
	int64_t	 left;		/* tries */
	int64_t	 delay_ms;	/* the next one, without jitter */
	int64_t	 began_ms;	/* the first failure; -1: none so far */
};

/* tries is for options that say nothing of them; but where they give another
 * bound, the only one shall be that. */
void	retry_init(struct retry *r, const struct retry_opts *o, int64_t tries,
	    uint32_t (*dice)(void));

/* A try has failed at now_ms of clock_ms().  How many milliseconds to wait
 * before the next one: between the half and the whole of a delay that doubles
 * each time up to 30 seconds, so that clients that lost the same server do not
 * come back as one.  -1: give up. */
int64_t	retry_next(struct retry *r, int64_t now_ms);

/* All is well again: a later failure starts from the beginning. */
void	retry_reset(struct retry *r);
