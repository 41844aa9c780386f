/*
 * refuse.h: subscriptions and publications that are not granted.
 *
 * WAMP v1 has no reply for them.  The log tells (a session's first refusal as a
 * warning, so that a flood of them is no flood of warnings), the session's
 * protocol may, and the next barrier does.
 */
#pragma once

#include <stdint.h>

#include "wampd/core/verdict.h"

struct session;
struct topic;

/* A subscription to t is refused. */
void	refuse_subscribe(struct session *s, const struct topic *t,
	    const struct failure *f);

/* The publication on t that has that number in s's tally is refused. */
void	refuse_publish(struct session *s, const struct topic *t,
	    uint64_t index, const struct failure *f);
