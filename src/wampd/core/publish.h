/*
 * publish.h: publishing an event to its audience.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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
	bool		retain;		/* retain it, even if the handler does
					 * not, */
	int64_t		retain_for;	/* so long, in ms; 0: as long as the
					 * handler says */
	struct audience	to;
	struct slice	call_id;	/* of the call that publishes, as its
					 * protocol wrote it; len 0: it is a
					 * PUBLISH */
	struct publish_result result;	/* of that call */
	uint64_t	index;		/* of the PUBLISH, for the tally */
};

/* Check the publication, and let the handler of its topic deliver it or decide
 * later.  *delivered is how many sessions it was queued to.  *f is filled for
 * VERDICT_NO. */
enum verdict publish(struct publication *p, long *delivered,
	    struct failure *f);

/* Queue the event to its audience; for handlers.  Sessions with the same
 * protocol share one frame.  Returns how many sessions it was queued to, or -1
 * when out of memory. */
long	publish_broadcast(struct publication *p);

/* The verdict of a handler that only does that.  *e is filled for
 * VERDICT_NO. */
enum verdict publish_as_it_came(struct publication *p, long *delivered,
	    struct errbuf *e);

/* Publish an event of a handler's own, on any topic.  The handler of that topic
 * is not asked, but the event is counted and retained as every other.  Returns
 * the same. */
long	publish_own(struct publication *p);

/* Count an event that was accepted, tell the taps, and keep it if it is to
 * be. */
void	publish_accepted(struct publication *p);
