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
#include "wampd/core/choke.h"
#include "wampd/core/counters.h"
#include "wampd/core/cursor.h"
#include "wampd/core/handler.h"
#include "wampd/core/prefix_sub.h"
#include "wampd/core/procedure.h"
#include "wampd/core/queue.h"
#include "wampd/core/reclaim.h"
#include "wampd/core/retained.h"
#include "wampd/core/session.h"
#include "wampd/core/settings.h"
#include "wampd/core/tap.h"
#include "wampd/core/topic.h"

struct child_ops;
struct declarations;
struct loop_ops;
struct routes;
struct shared;

struct broker {
	struct broker_settings	set;
	struct broker_stats	stats;
	struct routes	       *routes;		/* owned; NULL: none given */
	struct declarations    *declared;	/* owned; NULL: none given */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed; theirs */
	const struct loop_ops  *loop;		/* borrowed; NULL: nothing
						 * can be waited for */
	void		       *loop_ctx;	/* borrowed; theirs */
	const struct handler_type *const *types; /* static; handed in */
	struct shared	       *shared;		/* owned list; of types */
	uint64_t		next_request;	/* id */
	struct handler	       *handlers;	/* owned list */
	struct handler	       *told;		/* of these, those that are
						 * told of sessions */
	struct handler_list	due;		/* those that tick, soonest
						 * first */
	struct handler	      **by_route;	/* owned array; of each route */
	struct map		handler_by_name;
	struct handler	       *open_handler;	/* owned; when no routes */
	struct taps		taps;		/* handed in */
	struct procedures	procedures;	/* handed in */

	struct session_list	sessions;	/* open ones, oldest first */
	struct session_list	doomed;		/* freed when the turn ends */
	struct session_list	alive;		/* pinged ones, by ping_due */
	struct choke_list	chokes;		/* by due */
	size_t			nsessions;
	bool			sessions_full;	/* one was refused: logged */
	struct map		session_by_id;
	struct session	       *dirty;		/* to flush; the turn's */
	struct session	      **dirty_tail;
	struct session	       *backlog;	/* to flush; of turns before */
	struct session	      **backlog_tail;
	unsigned		messages;	/* since the last flush */
	struct queue_pool	pool;
	size_t			frame_bytes;	/* memory of all frames */
	size_t			event_bytes;	/* of all kept events, */
	size_t			retained_events; /* of those in topics */
	struct retained_frame	retained_frame;	/* of this turn */

	struct map		topics;		/* by name, idle ones too */
	struct topic_list	used_topics;	/* in order of coming so */
	size_t			nused;
	struct topic_list	idle_topics;	/* oldest first */
	size_t			idle_bytes;	/* of their names */
	size_t			retained_bytes;	/* of retained events */
	bool			retained_full;	/* one was not kept: logged */
	struct map		subs;		/* by (session, topic) */
	struct topic	       *last_topic;	/* most recent look-up */
	struct prefix_sub_list	prefix_subs;	/* latest first */
	size_t			nprefix_subs;
	struct cursors		cursors;	/* in sessions, topics */
	uint32_t		mark;		/* see session->mark */

	struct buf		scratch_uri;	/* expanded CURIE */
	struct buf		scratch_text;	/* unescaped string */
	struct buf		scratch_out;	/* a procedure's result */
	char		       *batch;		/* BROKER_BATCH bytes, owned */

	struct reclaim		reclaim;	/* memory of who has left */
	int64_t			now;		/* ms, monotonic; this turn */
	int64_t		      (*wall)(void);	/* ms since 1970; or a
						 * test's own */
	int64_t			started;	/* ms, monotonic */
	int64_t			next_sweep;	/* ms; keep-alive */
	int64_t			stop_until;	/* ms; shutting down, or 0 */
	bool			more_input;	/* a read filled its buffer:
						 * more is waiting */
	unsigned		held_turns;	/* flush put off that often */
	int64_t			held_since;	/* us, or 0 */
};

#define BROKER_BATCH		65536	/* bytes a write gathers */

/*
 * What one turn does at most, so that whatever comes at once keeps nobody
 * waiting for long: the rest is done in the next turns, between which the loop
 * looks for input.  Each is some milliseconds' worth.
 */
#define TURN_MESSAGES		1024	/* handled before a flush */
#define TURN_FLUSHES		1024	/* sessions written to */
#define TURN_CLOSES		128	/* sessions freed */
#define TURN_SUBS		8192	/* of theirs, ended */
#define TURN_TOPICS		8192	/* unused ones freed */

/* What a broker is made of. */
struct broker_parts {
	struct routes	       *routes;		/* taken; NULL: every topic is
						 * a broadcast topic */
	struct declarations    *declared;	/* taken; NULL: a try-out, in
						 * which no handler is */
	const struct handler_type *const *types; /* static; the last is NULL;
						 * "broadcast" and "closed"
						 * must be there */
	const struct child_ops *children;	/* borrowed; NULL: no exec */
	void		       *children_ctx;	/* borrowed */
	const struct loop_ops  *loop;		/* borrowed; NULL: none */
	void		       *loop_ctx;	/* borrowed */
	struct diags	       *diags;		/* borrowed; gets the faults
						 * of the declared handlers */
};

/* A broker with these settings, without taps and procedures.  NULL with *e
 * filled on failure; what it takes of the parts is gone then, too.  Closed
 * routes are errors in parts->diags, but no failure. */
struct broker *broker_new(const struct broker_settings *set,
	    const struct broker_parts *parts, struct errbuf *e);

/* Free it with everything in it; transports are told to close. */
void	broker_free(struct broker *b);

/* The loop tells the time before it hands over input. */
static inline void
broker_set_now(struct broker *b, int64_t now_ms)
{
	b->now = now_ms;
}
