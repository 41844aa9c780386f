/*
 * settings.h: the settings of the core, as the configuration has them.
 *
 * They are data only, so that config/ needs no other part of the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "proto/wamp.h"

enum on_violation { ON_VIOLATION_CLOSE, ON_VIOLATION_IGNORE };
enum come_back { COME_BACK_AUTO, COME_BACK_DROP, COME_BACK_CODE };
enum unroutable { UNROUTABLE_IGNORE, UNROUTABLE_EVENT, UNROUTABLE_CLOSE };

/* Durations are in ms, sizes in bytes. */
struct broker_settings {
	int		compat;		/* enum wamp_compat */
	int		come_back;	/* enum come_back */
	int		on_violation;	/* enum on_violation */
	int		unroutable;	/* enum unroutable */
	uint64_t	limit_message;
	int64_t		limit_depth;
	uint64_t	limit_queue;	/* of each session */
	uint64_t	limit_queues;	/* memory of all queues */
	uint64_t	limit_retained;	/* of all retained events */
	uint64_t	limit_history;	/* of all histories */
	uint64_t	jq_memory;	/* of each process for jq programs */
	int64_t		jq_workers;	/* number of these processes; > 0 */
	uint64_t	limit_memory;	/* that all sessions cause, */
	uint64_t	limit_memory_session; /* and each of them */
	uint64_t	limit_topic_length;
	int64_t		limit_topics;	/* in use */
	int64_t		limit_prefixes;	/* of each session */
	int64_t		limit_requests;	/* of each session, not decided */
	int64_t		limit_rate;	/* messages of each session per second;
					 * 0: any */
	int64_t		limit_rate_burst; /* messages beyond that rate */
	int64_t		limit_sessions;
	int64_t		limit_sessions_address;	/* from one address */
	int64_t		limit_sessions_user;	/* of one user */
	int64_t		limit_subscriptions; /* of each session */
	int64_t		stall;		/* how long a slow receiver may pause
					 * its publishers, */
	int64_t		stall_window;	/* within any such period; > 0 */
	int64_t		keepalive;	/* between pings; 0: none */
	int64_t		drain_spread;	/* over which a drain ends sessions */
	const char     *ident;		/* in WELCOME; borrowed */
	const char     *maintenance_topic; /* borrowed; URI */
	const char     *maintenance_lock; /* borrowed; file, or NULL */
	int64_t		state_sync;	/* until a change is on disk; -1:
					 * publishers wait for that */
	const char     *state_dir;	/* borrowed; NULL: nothing is kept */
};

/* Whether to close peers that should come back without a close frame.
 * AutobahnJS reconnects only then: it takes any close frame for a goodbye. */
static inline bool
settings_drop(const struct broker_settings *set)
{
	return set->come_back == COME_BACK_DROP ||
	    (set->come_back == COME_BACK_AUTO &&
	    set->compat == WAMP_COMPAT_ORO);
}
