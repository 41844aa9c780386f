/*
 * refuse.h: refusing subscriptions, publications and calls.
 *
 * WAMP v1 has no reply to the first two.  A refusal is logged, counted, also
 * for the next barrier, and given to the session's protocol, which may tell the
 * peer.  Only the first refusal of a session is logged as a warning, and only
 * REFUSALS_LOGGED of all sessions in a second, so that nobody can fill the log.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "wampd/core/verdict.h"

struct call;
struct session;
struct topic;

#define REFUSALS_LOGGED	20	/* warnings a second */

/* How many were logged lately. */
struct refusals {
	int64_t	 since;		/* ms, monotonic: the begin of a second */
	unsigned logged;	/* in it */
	uint64_t silent;	/* not logged since the last line that says how
				 * many */
};

/* Refuse a subscription of s to t. */
void	refuse_subscribe(struct session *s, const struct topic *t,
	    const struct failure *f);

/* Refuse a publication of s on t.  index is its number by tally_number(). */
void	refuse_publish(struct session *s, const struct topic *t,
	    uint64_t index, const struct failure *f);

/* The caller may not call this procedure: log and count that, and answer the
 * call.  c->failure is filled. */
void	refuse_caller(struct call *c, struct slice uri);
