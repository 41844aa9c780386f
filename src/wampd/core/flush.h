/*
 * flush.h: what is queued leaves, in few large writes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct broker;
struct session;

#define FLUSH_BATCH		65536	/* bytes that one write gathers */
#define FLUSH_HELD_TURNS	64	/* it waits no longer */

struct flush {
	struct session	*dirty;		/* to be written to; the turn's */
	struct session **dirty_tail;
	struct session	*backlog;	/* the same; of turns before */
	struct session **backlog_tail;
	char		*batch;		/* owned; FLUSH_BATCH bytes */
	unsigned	 messages;	/* handled since the last flush */
	bool		 more_input;	/* a read filled its buffer: more is
					 * waiting */
	unsigned	 held_turns;	/* it was put off that often, */
	int64_t		 held_since;	/* us; or 0 */
};

/* 0, or -1 when out of memory. */
int	flush_init(struct flush *f);
void	flush_clear(struct flush *f);

/*
 * Whether the flush should wait because a flood is being read: the more of it
 * is in the queues, the more events leave in one write.  Bounded in turns and
 * in time, and never when no input is waiting, so a single event leaves at
 * once (performance.md, section 2, item 5).
 */
bool	flush_waits(struct broker *b);

/* Write to the sessions that have something queued, as many as a turn may. */
void	flush_sessions(struct broker *b);

/* So many messages were handled that what they led to leaves before the turn
 * ends. */
void	flush_breathe(struct broker *b);
