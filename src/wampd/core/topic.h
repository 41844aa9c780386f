/*
 * topic.h: who listens to what.
 *
 * A topic keeps its route and its handler, so both are looked up once.  One
 * that has no subscriber and nothing retained stays a while in a small cache,
 * so that publishing to nobody costs no more than publishing to someone.
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

struct broker;
struct event;
struct generation;
struct handler;
struct route;
struct session;

#define URI_MAX	8192	/* bytes of an expanded topic, procedure or prefix */

struct topic {
	TAILQ_ENTRY(topic) link;	/* of topics->used or idle */
	struct slice	   name;	/* full URI; in text */
	struct slice	   json;	/* the same as a JSON string; in text */
	struct slice	   attributes;	/* the route's, as JSON; in text */
	struct buf	   text;	/* owned: json, name, attributes */
	struct generation *generation;	/* held: route and handler are its */
	const struct route *route;	/* NULL: none matches */
	struct handler	  *handler;	/* NULL: none */
	struct session	 **members;	/* subscribers: owned array, or &only */
	size_t		   n, cap;
	struct session	  *only;	/* most have but one */
	struct event	  *retained;	/* last one; a reference of ours, or
					 * NULL */
	void		  *timer;	/* the handler's own, or NULL */
	uint64_t	   events;	/* published since it exists */
	bool		   idle;	/* on broker->topics.idle */
	bool		   tapped;	/* taps want its events */
};

TAILQ_HEAD(topic_list, topic);

enum stale { STALE_NONE, STALE_USED, STALE_IDLE };

/* All of a broker. */
struct topics {
	struct broker	 *broker;	/* borrowed */
	struct map	  by_name;	/* idle ones too */
	struct topic_list used;		/* in the order of coming into use */
	size_t		  nused;
	struct topic_list idle;		/* oldest first */
	size_t		  idle_bytes;	/* of their names */
	size_t		  retained_bytes; /* of retained events */
	bool		  retained_full; /* one was not kept: logged */
	struct map	  subs;		/* by (session, topic) */
	struct topic	 *last;		/* most recent look-up */
	enum stale	  stale;	/* of an older generation may be */
	struct cursor	  cursor;	/* from here on; registered while
					 * some are stale */
};

#define TOPICS_IDLE_MAX	(1u << 20)	/* bytes of names of unused ones */

void	topics_init(struct topics *all, struct broker *b);

/* The broker has a new generation: let all topics move to it, in the next
 * turns; go on with that; whether there is more to do. */
void	topics_renew(struct topics *all);
void	topics_renew_some(struct topics *all);
static inline bool
topics_are_stale(const struct topics *all)
{
	return all->stale != STALE_NONE;
}

/* Free all (the broker ends; all sessions are gone). */
void	topics_clear(struct topics *all);

/* The topic of that name, made when there is none.  NULL when out of memory.
 * An unused one may vanish when the turn ends: don't keep it. */
struct topic *topic_obtain(struct topics *all, struct slice name);

/* The topic of that name if it is in use (subscribed or retained), or NULL. */
struct topic *topic_find(struct topics *all, struct slice name);

/* Free the oldest unused ones beyond what is kept, as many as one turn may
 * (turn_end()), and whether more are to be freed. */
void	topic_evict(struct topics *all);

static inline bool
topic_evict_due(const struct topics *all)
{
	return all->idle_bytes > TOPICS_IDLE_MAX;
}

bool	topic_in_use(const struct topic *t);

/* For sub.c: move it to where it belongs, whether in use or not; give back the
 * memory of the list of members. */
void	topic_settle(struct topics *all, struct topic *t);
void	topic_free_members(struct topic *t);

/* Keep ev for later subscribers (a reference is taken), or nothing when it is
 * NULL. */
void	topic_retain(struct topics *all, struct topic *t, struct event *ev);

/* Whether an event of so many bytes may be kept, by limits.retained. */
bool	topic_may_retain(const struct topics *all, const struct topic *t,
	    size_t len);
