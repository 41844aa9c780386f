/*
 * keep.h: the events that topics keep, for parts that keep them elsewhere.
 *
 * A topic keeps its last event for later subscribers, if it is retained, and
 * the events of its history.  One object may be both.  The core tells a keeper
 * of each change; keep_restore.h takes back what a keeper has kept over a
 * restart.
 *
 * Topics that a tap claims are left out: that tap keeps their state itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/core/cursor.h"

struct broker;
struct event;
struct topic;

/* As what a topic keeps an event; both may be set. */
#define KEEP_RETAINED	0x1u
#define KEEP_HISTORY	0x2u

/* Why it does not keep it any more. */
enum keep_end {
	KEEP_REPLACED,	/* by a newer event */
	KEEP_EXPIRED,	/* its time is up */
	KEEP_CLEARED,	/* somebody has asked for that */
	KEEP_FULL	/* a limit is reached */
};

/* A keeper.  The functions must not publish, nor change what topics keep.  They
 * may hold a reference to the event, which is immutable. */
struct keep_ops {
	/* t keeps the event from now on, as KEEP_RETAINED, as KEEP_HISTORY, or
	 * as both.  A history grows at its end. */
	void	(*kept)(void *ctx, const struct topic *t, struct event *ev,
		    unsigned as);

	/* t does not keep the event as that any more; one bit of as is set.
	 * Called for each event that was told to kept() or restored, and before
	 * kept() if a newer event replaces it.  A history loses its oldest
	 * event first. */
	void	(*dropped)(void *ctx, const struct topic *t, struct event *ev,
		    unsigned as, enum keep_end why);
};

struct keep {
	const struct keep_ops *ops;	/* static; NULL: there is none */
	void	*ctx;			/* borrowed */
};

/* Tell that keeper from now on; ops NULL: nobody.  It is told nothing when the
 * broker ends. */
void	keep_set(struct broker *b, const struct keep_ops *ops, void *ctx);

/* A walk over everything that topics keep, over several turns. */
struct keep_walk {
	struct broker *broker;
	struct cursor  topic;	/* registered during the walk */
	const void    *at;	/* the topic that next belongs to */
	uint64_t       next;	/* its events before that number are done */
	uint64_t       end;	/* the number of the last event that was kept
				 * before the walk began */
};

typedef void keep_walk_fn(void *ctx, const struct topic *t, struct event *ev,
	    unsigned as);

/* Begin a walk.  It comes to each event that is kept now, unless that is
 * dropped before.  Events kept from now on are left out. */
void	keep_walk_begin(struct keep_walk *w, struct broker *b);

/* Go on: call fn for the next events, those of a topic in their order.  At
 * most that many events and topics are looked at.  Returns false at the end of
 * the walk. */
bool	keep_walk_some(struct keep_walk *w, size_t most, keep_walk_fn *fn,
	    void *ctx);

/* End the walk, also before its end. */
void	keep_walk_end(struct keep_walk *w);

/* ---- for the core ---- */

/* Tell the keeper of b, if there is one and it is to know.  The first returns
 * whether it was told. */
bool	keep_tell_kept(struct broker *b, const struct topic *t,
	    struct event *ev, unsigned as);
void	keep_tell_dropped(struct broker *b, const struct topic *t,
	    struct event *ev, unsigned as, enum keep_end why);
