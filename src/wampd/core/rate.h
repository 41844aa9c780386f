/*
 * rate.h: how fast a session may publish to one handler.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct handler;
struct session;

/* The token bucket of one session for one handler. */
struct rate {
	uint64_t	handler;	/* its id */
	double		tokens;		/* events that it may publish */
	int64_t		since;		/* ms, monotonic: time of tokens */
};

/* Take one token from the bucket of s for h.  Returns false if there is none,
 * or when out of memory. */
bool	rate_take(struct session *s, struct handler *h);
