/*
 * level.h: how much is logged, changed by wampd.log while the broker runs.
 *
 * A change lasts until its time is over, or until a reload changes the level or
 * the format.  A session may log more than others.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wampd/core/session_id.h"

struct broker;
struct tap;

#define LEVELS_SESSIONS	64	/* with a level of their own */
#define LEVELS_FOREVER	INT64_MAX

/* A session with a level of its own, which is session->log_level. */
struct level_session {
	char	id[SESSION_ID_SIZE];	/* NUL-terminated */
	int64_t	until;			/* ms, monotonic; or LEVELS_FOREVER */
};

struct levels {
	struct tap *tap;		/* borrowed */
	int64_t	    until;		/* ms, monotonic: of the level of all;
					 * or LEVELS_FOREVER */
	struct level_session v[LEVELS_SESSIONS];
	size_t	    n;
};

/* Add the procedure.  Returns 0, or -1 when out of memory.  l must live as long
 * as b. */
int	levels_add(struct levels *l, struct broker *b, struct tap *tap);

/* End what is over.  Returns in how many ms to call it again, or -1. */
int64_t	levels_tick(struct levels *l, struct broker *b);
