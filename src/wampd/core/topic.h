/*
 * topic.h: topics: their routes, subscribers and kept events.
 *
 * A topic keeps its route and its handler, so that they are looked up only
 * once.  A topic without subscribers and without a kept event is idle.  It
 * stays in a small cache for a while, because somebody may publish on it again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/slice.h"
#include "wampd/core/cursor.h"
#include "wampd/core/deadline.h"
#include "wampd/core/speed.h"

struct broker;
struct event;
struct generation;
struct handler;
struct history;
struct route;
struct session;

struct topic {
	TAILQ_ENTRY(topic) link;	/* topics->used or topics->idle */
	struct slice	   name;	/* full URI; in text */
	struct slice	   json;	/* the same as a JSON string; in text */
	struct slice	   attributes;	/* the route's, as JSON; in text */
	struct buf	   text;	/* owned: json, name, attributes */
	struct generation *generation;	/* a reference; it has route and
					 * handler */
	const struct route *route;	/* NULL: none matches */
	struct handler	  *handler;	/* NULL: none */
	struct session	 **members;	/* subscribers: owned array, or &only */
	size_t		   n, cap;
	struct session	  *only;	/* most topics have one subscriber */
	struct session	  *payer;	/* the subscriber whose account has
					 * topic_cost(); NULL: there is none */
	struct event	  *retained;	/* the last event; a reference; or
					 * NULL; see retain.h */
	struct history	  *history;	/* owned by history.c; NULL: no
					 * events */
	void		  *timer;	/* the handler's own, or NULL */
	uint64_t	   events;	/* accepted since it was made */
	struct speed	   speed;	/* of events */
	bool		   idle;	/* on topics->idle */
	bool		   tapped;	/* a tap wants its events */
};

TAILQ_HEAD(topic_list, topic);

/* Which list is being moved to a new generation; topics->cursor says from where
 * on. */
enum topics_stale {
	TOPICS_STALE_NONE,	/* all topics have moved */
	TOPICS_STALE_USED,	/* topics->used; then comes topics->idle */
	TOPICS_STALE_IDLE	/* topics->idle */
};

/* All topics of a broker. */
struct topics {
	struct broker	 *broker;	/* borrowed */
	struct map	  by_name;	/* idle ones too */
	struct topic_list used;		/* in the order of coming into use */
	size_t		  nused;
	struct topic_list idle;		/* oldest first */
	size_t		  idle_bytes;	/* memory of these */
	size_t		  retained_bytes; /* of retained events */
	size_t		  retained_events; /* how many */
	struct deadlines  retained_ends; /* of those that have an end */
	bool		  retained_full; /* logged that one was not retained */
	size_t		  history_bytes; /* of all histories */
	size_t		  history_events; /* how many are in them */
	struct deadlines  history_ends;	/* of all histories */
	uint64_t	  last_event;	/* number of the newest kept event */
	struct map	  subs;		/* by (session, topic) */
	struct topic	 *last;		/* most recent look-up */
	int64_t		  next_search;	/* ms, monotonic: see topic_room.c */
	enum topics_stale stale;
	struct cursor	  cursor;	/* registered while stale is not
					 * TOPICS_STALE_NONE */
};

#define TOPICS_IDLE_MAX	(1u << 20)	/* bytes of idle topics that are kept */

void	topics_init(struct topics *all, struct broker *b);

/* The broker has a new generation: begin to move all topics to it. */
void	topics_renew(struct topics *all);

/* Move more topics to the new generation, as many as one turn may. */
void	topics_renew_some(struct topics *all);

/* Move t to the newest generation, if it has not moved yet. */
void	topic_refresh(struct topics *all, struct topic *t);

/* Whether there may be topics that have not moved yet. */
static inline bool
topics_are_stale(const struct topics *all)
{
	return all->stale != TOPICS_STALE_NONE;
}

/* Free all topics, because the broker ends.  All sessions are freed, and the
 * topics keep no events any more. */
void	topics_clear(struct topics *all);

/* The topic of that name, made if there is none, and moved to the newest
 * generation.  NULL when out of memory.  An idle topic may be freed at the end
 * of the turn, so do not keep the pointer. */
struct topic *topic_obtain(struct topics *all, struct slice name);

/* The topic of that name if it is in use, or NULL. */
struct topic *topic_find(struct topics *all, struct slice name);

/* Free the oldest idle topics until TOPICS_IDLE_MAX is kept, as many as one
 * turn may. */
void	topic_evict(struct topics *all);

/* Whether idle topics must be freed. */
static inline bool
topic_evict_due(const struct topics *all)
{
	return all->idle_bytes > TOPICS_IDLE_MAX;
}

/* The memory of a topic, in bytes, for the account of a session.  It is the
 * same as long as the topic exists, so it is not less than what the topic takes
 * in any generation. */
size_t	topic_cost(const struct topic *t);

/* Whether it has a subscriber, a retained event or a history. */
bool	topic_in_use(const struct topic *t);

/* Move t between the lists of used and idle topics, if it has changed.  For
 * sub.c, retain.c and history.c. */
void	topic_settle(struct topics *all, struct topic *t);

/* Free the array of members, of which none is left.  For sub.c. */
void	topic_free_members(struct topic *t);
