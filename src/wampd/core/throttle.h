/*
 * throttle.h: how many messages a session may send, by limits.rate.
 *
 * A session that sends too fast is not read from for a while: it is slowed
 * down, and nothing is lost.  A token bucket of limits.rate_burst messages lets
 * it send at once what it has not sent before.
 *
 * To cost little, only one message in many is looked at, and sessions that send
 * few messages have no bucket.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/core/pause.h"

struct broker;
struct session;

/* All sessions that are slowed down. */
struct throttle {
	uint64_t     mask;	/* look at a session when it has received a
				 * number of messages without these bits */
	struct pause pause;	/* they wait here, by the end of it */
};

/* The bucket of one session. */
struct throttle_bucket {
	double	 tokens;	/* messages that it may send */
	int64_t	 since;		/* ms, monotonic: time of tokens */
	uint64_t seen;		/* messages that have been paid for */
	int64_t	 due;		/* ms, monotonic: when it is read again */
	bool	 said;		/* logged that it is slowed down */
};

/* The settings of the broker are new, or it is. */
void	throttle_set(struct broker *b);

/* s has received one more message, and its number has none of the bits of the
 * mask: let it pay for the messages since the last time. */
void	throttle_look(struct session *s);

/* Go on reading from the sessions whose time is over.  Returns in how many ms
 * the next one is due, or -1. */
int64_t	throttle_tick(struct broker *b);
