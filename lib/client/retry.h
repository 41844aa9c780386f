/*
 * retry.h: when to try again, and when to give up, with exponential back-off
 * and jitter.  Pure arithmetic: the caller supplies clock and random numbers.
 */
#pragma once

#include <stdint.h>

#define RETRY_FOREVER	INT64_MAX

/* The options; -1: not given. */
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

/* tries is used if the options give no limit at all. */
void	retry_init(struct retry *r, const struct retry_opts *o, int64_t tries,
	    uint32_t (*dice)(void));

/* A try has failed at now_ms of clock_ms().  Returns how many milliseconds to
 * wait before the next one; -1: give up.  The delay doubles each time up to 30
 * seconds, and a random part of up to a half is left out, so that clients of
 * the same server do not come back at the same time. */
int64_t	retry_next(struct retry *r, int64_t now_ms);

/* The connection works again: a later failure starts from the beginning. */
void	retry_reset(struct retry *r);
