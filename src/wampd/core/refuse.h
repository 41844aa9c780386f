/*
 * refuse.h: refusing subscriptions and publications.
 *
 * WAMP v1 has no reply to them.  A refusal is logged, counted for the next
 * barrier, and given to the session's protocol, which may tell the peer.  Only
 * the first refusal of a session is logged as a warning, so that one session
 * cannot fill the log.
 */
#pragma once

#include <stdint.h>

#include "wampd/core/verdict.h"

struct session;
struct topic;

/* Refuse a subscription of s to t. */
void	refuse_subscribe(struct session *s, const struct topic *t,
	    const struct failure *f);

/* Refuse a publication of s on t.  index is its number by tally_number(). */
void	refuse_publish(struct session *s, const struct topic *t,
	    uint64_t index, const struct failure *f);
