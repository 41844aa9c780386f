/*
 * settings.h: what the configuration decides about the core.
 *
 * Data only: whoever reads a configuration needs no more of the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "proto/wamp.h"

enum on_violation { ON_VIOLATION_CLOSE, ON_VIOLATION_IGNORE };
enum come_back { COME_BACK_AUTO, COME_BACK_DROP, COME_BACK_CODE };
enum unroutable { UNROUTABLE_IGNORE, UNROUTABLE_EVENT, UNROUTABLE_CLOSE };

/* What the configuration decides about the core. Durations in ms, sizes in
 * bytes. */
struct broker_settings {
	int		compat;		/* enum wamp_compat */
	int		come_back;	/* enum come_back */
	int		on_violation;	/* enum on_violation */
	int		unroutable;	/* enum unroutable */
	uint64_t	limit_message;
	int64_t		limit_depth;
	uint64_t	limit_queue;	/* a session */
	uint64_t	limit_queues;	/* memory of all sessions' */
	uint64_t	limit_retained;	/* all retained events */
	uint64_t	jq_memory;	/* a process that runs jq programs */
	int64_t		jq_workers;	/* such processes; > 0 */
	int64_t		limit_sessions;
	int64_t		limit_subscriptions; /* a session */
	int64_t		stall;		/* how long a receiver may hold its
					 * publishers up, */
	int64_t		stall_window;	/* in any time of this length; > 0 */
	int64_t		keepalive;	/* between pings; 0: none */
	const char     *ident;		/* in WELCOME; borrowed */
	const char     *maintenance_topic; /* borrowed */
	const char     *maintenance_lock; /* borrowed; file, or NULL */
	const char     *state_dir;	/* borrowed; NULL: nothing is kept */
};

/* Whether peers that should come back are dropped, as if the connection were
 * lost, rather than told: AutobahnJS takes any close frame for goodbye. */
static inline bool
settings_drop(const struct broker_settings *set)
{
	return set->come_back == COME_BACK_DROP ||
	    (set->come_back == COME_BACK_AUTO &&
	    set->compat == WAMP_COMPAT_ORO);
}
