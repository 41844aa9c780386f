/*
 * broker.h: the one structure everything hangs off.
 *
 * No other mutable state is global, so several brokers can live in one
 * process, and unit tests make one per case.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "wampd/core/counters.h"
#include "wampd/core/cursor.h"
#include "wampd/core/flush.h"
#include "wampd/core/generation.h"
#include "wampd/core/handler.h"
#include "wampd/core/name_table.h"
#include "wampd/core/prefix_sub.h"
#include "wampd/core/pressure.h"
#include "wampd/core/procedure.h"
#include "wampd/core/reclaim.h"
#include "wampd/core/retained.h"
#include "wampd/core/session.h"
#include "wampd/core/tap.h"
#include "wampd/core/topic.h"

struct child_ops;
struct loop_ops;
struct shared;

struct broker {
	struct broker_settings	set;		/* the newest generation's */
	struct broker_stats	stats;
	struct generation      *generation;	/* the newest; a reference */
	struct generations	generations;	/* all that are held, */
	unsigned		unheld;		/* and those not yet freed */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed; theirs */
	const struct loop_ops  *loop;		/* borrowed; NULL: nothing
						 * can be waited for */
	void		       *loop_ctx;	/* borrowed; theirs */
	const struct handler_type *const *types; /* static; handed in */
	struct name_table	names;		/* that rights name */
	struct shared	       *shared;		/* owned list; of types */
	uint64_t		next_request;	/* id */
	uint64_t		next_handler;	/* id */
	struct handler_list	due;		/* those that tick, soonest
						 * first */
	struct taps		taps;		/* handed in */
	struct procedures	procedures;	/* handed in */

	struct sessions		sessions;
	struct topics		topics;
	struct prefix_sub_list	prefix_subs;	/* latest first */
	size_t			nprefix_subs;
	struct cursors		cursors;	/* in sessions, topics */
	struct pressure		pressure;
	struct flush		flush;
	struct retained_frame	retained_frame;	/* of this turn */

	struct buf		scratch_uri;	/* expanded CURIE */
	struct buf		scratch_text;	/* unescaped string */
	struct buf		scratch_out;	/* a procedure's result */

	struct reclaim		reclaim;	/* memory of who has left */
	int64_t			now;		/* ms, monotonic; this turn */
	int64_t		      (*wall)(void);	/* ms since 1970; or a
						 * test's own */
	int64_t			started;	/* ms, monotonic */
	int64_t			stop_until;	/* ms; shutting down, or 0 */
};

/* What a broker is made of. */
struct broker_parts {
	struct generation_parts	first;		/* of the first generation */
	const struct handler_type *const *types; /* static; the last is NULL;
						 * "broadcast" and "closed"
						 * must be there */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed */
	const struct loop_ops  *loop;		/* borrowed; NULL: none */
	void		       *loop_ctx;	/* borrowed */
};

/* A broker with these settings, without taps and procedures.  NULL with *e
 * filled on failure; what it takes of the parts is gone then, too.  Closed
 * routes are errors in parts->first.diags, but no failure. */
struct broker *broker_new(const struct broker_settings *set,
	    const struct broker_parts *parts, struct errbuf *e);

/*
 * From now on that generation is the newest: takes the reference.  Sessions
 * stay connected and subscribed.  A topic gets its route and handler anew when
 * somebody uses it, the others do in the next turns.  A request ends with the
 * handler that has taken it.
 */
void	broker_renew(struct broker *b, struct generation *g);

/* Free it with everything in it; transports are told to close. */
void	broker_free(struct broker *b);

/* The loop tells the time before it hands over input. */
static inline void
broker_set_now(struct broker *b, int64_t now_ms)
{
	b->now = now_ms;
}
