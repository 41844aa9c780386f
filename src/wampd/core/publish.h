/*
 * publish.h: an event on its way to its audience.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/wamp.h"

struct broker;
struct session;
struct topic;

/* What a call that publishes answers once its event was delivered. */
struct publish_result {
	/* Append it as JSON.  0 or -1. */
	int	(*write)(void *ctx, long delivered, struct buf *out);
	void	 *ctx;			/* borrowed; outlives the call */
};

struct publication {
	struct broker  *broker;
	struct session *from;		/* NULL: the broker itself */
	struct topic   *topic;
	struct slice	event;		/* JSON, as it came */
	bool		newline;	/* a raw CR or LF is in event */
	bool		retain;		/* whatever the handler says */
	enum wamp_exclude exclude;
	struct slice	exclude_list;	/* for json_next() */
	bool		has_eligible;
	struct slice	eligible;	/* for json_next() */
	struct slice	call_id;	/* of the call that publishes, JSON;
					 * len 0: it is a PUBLISH */
	struct publish_result result;	/* of that call */
	uint64_t	index;		/* of the PUBLISH, for the tally */
};

enum publish_outcome {
	PUBLISH_OK,
	PUBLISH_NO_ROUTE,	/* *e says why */
	PUBLISH_FORBIDDEN,	/* the same */
	PUBLISH_LATER,		/* the handler decides and tells */
};

/* Route it, check permission, let the handler deliver it or decide later.
 * *delivered is how many sessions it was queued to. */
enum publish_outcome publish(struct publication *p, long *delivered,
	    struct errbuf *e);

/* For handlers: queue it to (subscribers - exclude) & eligible.  One frame is
 * made for all.  How many sessions got it, or -1 when out of memory. */
long	publish_broadcast(struct publication *p);

/* An event that a handler makes: to all subscribers of any topic, asking no
 * handler; it counts, and is retained, as every event.  As above. */
long	publish_own(struct publication *p);

/* For who walks sessions and wants each once: a session->mark that none has
 * yet. */
uint32_t publish_mark(struct broker *b);

/* Let later subscribers of t have the event.  0 or -1. */
int	publish_retain(struct broker *b, struct topic *t, struct slice event,
	    bool newline);

/* What follows when an event was accepted: it is counted and retained. */
void	publish_accepted(struct publication *p);

/* The error URI that names the outcome: "wampd.error.no_route". */
const char *publish_error_uri(enum publish_outcome outcome);
