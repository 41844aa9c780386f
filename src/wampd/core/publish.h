/*
 * publish.h: an event on its way to its audience.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "wampd/core/audience.h"
#include "wampd/core/reply.h"
#include "wampd/core/verdict.h"

struct broker;
struct session;
struct topic;

struct publication {
	struct broker  *broker;
	struct session *from;		/* NULL: the broker itself */
	struct topic   *topic;
	struct slice	event;		/* JSON, as it came */
	bool		newline;	/* a raw CR or LF is in event */
	bool		retain;		/* whatever the handler says */
	struct audience	to;
	struct slice	call_id;	/* of the call that publishes, as its
					 * protocol wrote it; len 0: it is a
					 * PUBLISH */
	struct publish_result result;	/* of that call */
	uint64_t	index;		/* of the PUBLISH, for the tally */
};

/* Route it, check permission, let the handler deliver it or decide later.
 * *delivered is how many sessions it was queued to; *f is filled when the
 * verdict is VERDICT_NO. */
enum verdict publish(struct publication *p, long *delivered,
	    struct failure *f);

/* For handlers: queue it to its audience.  One frame is made for all who speak
 * the same protocol.  How many sessions got it, or -1 when out of memory. */
long	publish_broadcast(struct publication *p);

/* An event that a handler makes: to all subscribers of any topic, asking no
 * handler; it counts, and is retained, as every event.  As above. */
long	publish_own(struct publication *p);

/* Let later subscribers of t have the event.  0 or -1. */
int	publish_retain(struct broker *b, struct topic *t, struct slice event,
	    bool newline);

/* What follows when an event was accepted: it is counted and retained. */
void	publish_accepted(struct publication *p);
