/*
 * broker.h: the structure that everything belongs to.
 *
 * There is no mutable global state besides it, so several brokers can live in
 * one process, and each unit test makes its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/core/compress.h"
#include "wampd/core/counters.h"
#include "wampd/core/cursor.h"
#include "wampd/core/drain.h"
#include "wampd/core/flush.h"
#include "wampd/core/generation.h"
#include "wampd/core/handler.h"
#include "wampd/core/histogram.h"
#include "wampd/core/judge.h"
#include "wampd/core/keep.h"
#include "wampd/core/name_table.h"
#include "wampd/core/prefix_sub.h"
#include "wampd/core/pressure.h"
#include "wampd/core/procedure.h"
#include "wampd/core/reclaim.h"
#include "wampd/core/refuse.h"
#include "wampd/core/replay.h"
#include "wampd/core/saved.h"
#include "wampd/core/session.h"
#include "wampd/core/source.h"
#include "wampd/core/tap.h"
#include "wampd/core/throttle.h"
#include "wampd/core/topic.h"
#include "wampd/core/watch.h"

struct child_ops;
struct loop_ops;
struct shared;

struct broker {
	struct broker_settings	set;		/* the newest generation's */
	struct broker_stats	stats;
	struct broker_histograms histograms;
	int64_t			turn_began;	/* us, monotonic: its first
						 * input; 0: there was none */
	struct generation      *generation;	/* the newest; a reference */
	struct generations	generations;	/* all that are not freed */
	unsigned		ngenerations;	/* of these */
	unsigned		unheld;		/* those of them that can be
						 * freed */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed; for children */
	const struct loop_ops  *loop;		/* borrowed; NULL: waiting for
						 * descriptors is impossible */
	void		       *loop_ctx;	/* borrowed; for loop */
	const struct handler_type *const *types; /* static; handed in */
	struct name_table	names;		/* that rights name */
	struct shared	       *shared;		/* owned list; of types */
	uint64_t		next_request;	/* id */
	uint64_t		next_handler;	/* id */
	struct handler_list	due;		/* handlers that wait for their
						 * tick, soonest first */
	struct taps		taps;		/* handed in */
	struct keep		keep;		/* handed in */
	struct watch		watch;		/* handed in */
	struct saved		saved;		/* by that keeper */
	struct procedures	procedures;	/* handed in */

	struct sessions		sessions;
	struct sources		sources;
	struct topics		topics;
	struct prefix_sub_list	prefix_subs;	/* latest first */
	size_t			nprefix_subs;
	struct replays		replays;	/* who waits longest is first */
	struct cursors		cursors;	/* in sessions, topics */
	struct judge		judge;		/* of subscriptions */
	struct pressure		pressure;
	struct throttle		throttle;
	struct flush		flush;
	struct compressor	compressor;	/* handed in */

	struct buf		scratch_uri;	/* expanded CURIE */
	struct buf		scratch_text;	/* unescaped string */
	struct buf		scratch_out;	/* a procedure's result */

	struct refusals		refusals;
	struct reclaim		reclaim;	/* memory of closed sessions */
	int64_t			now;		/* ms, monotonic; this turn */
	int64_t		      (*wall)(void);	/* ms since 1970; tests have
						 * their own */
	int64_t			started;	/* ms, monotonic */
	int64_t			wall_started;	/* ms since 1970 */
	int64_t			stop_until;	/* ms, monotonic: when to stop
						 * at the latest; 0: not
						 * stopping */
	struct drain		drain;
};

/* What a broker is made of. */
struct broker_parts {
	struct generation_parts	first;		/* of the first generation */
	const struct handler_type *const *types; /* static; the last is NULL;
						 * "broadcast" and "closed"
						 * must be among them */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed */
	const struct loop_ops  *loop;		/* borrowed; NULL: none */
	void		       *loop_ctx;	/* borrowed */
};

/* Make a broker with these settings.  The caller then adds taps and procedures.
 * Returns NULL with *e filled on failure; the parts that it takes are freed
 * then, too.  A closed route is an error in parts->first.diags, but the broker
 * is made. */
struct broker *broker_new(const struct broker_settings *set,
	    const struct broker_parts *parts, struct errbuf *e);

/*
 * Make g the newest generation; takes the reference.  Sessions stay connected.
 * A topic moves to the new route and handler when somebody uses it; the other
 * topics move in the next turns, which also end the subscriptions that the new
 * rules forbid.  The handler that has taken a request also ends it.  An
 * unchanged handler goes on as before.
 */
void	broker_renew(struct broker *b, struct generation *g);

/* Free the broker and everything in it.  The transports are told to close.
 * NULL is fine. */
void	broker_free(struct broker *b);

/* Whether the broker wants no new sessions, because it will end. */
static inline bool
broker_is_draining(const struct broker *b)
{
	return b->drain.on || b->stop_until != 0;
}

/* Set the time of the turn.  The loop calls it before it hands over input. */
static inline void
broker_set_now(struct broker *b, int64_t now_ms)
{
	b->now = now_ms;
}
