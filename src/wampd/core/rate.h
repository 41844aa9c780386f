/*
 * rate.h: how fast a session may publish to one handler.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct handler;
struct session;

/* How much a session may still send to one handler. */
struct rate {
	uint64_t	handler;	/* its id */
	double		tokens;		/* events */
	int64_t		since;		/* ms: when tokens was right */
};

/* Take one event's worth from the session's rate for the handler; false when
 * it has used it up (or memory is out). */
bool	rate_take(struct session *s, struct handler *h);
