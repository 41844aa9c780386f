/*
 * flush.h: writing the queues to the sockets, in few large writes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct broker;
struct session;

#define FLUSH_BATCH		65536	/* bytes that one write gathers */
#define FLUSH_DELAY_TURNS	64	/* longest delay of a flush */

struct flush {
	struct session	*dirty;		/* to be written to, since this turn */
	struct session **dirty_tail;
	struct session	*backlog;	/* to be written to, since earlier
					 * turns */
	struct session **backlog_tail;
	char		*batch;		/* owned; FLUSH_BATCH bytes */
	unsigned	 messages;	/* handled since the last flush */
	bool		 more_input;	/* a read filled its buffer: more is
					 * waiting */
	unsigned	 delayed_turns;	/* how often the flush was delayed */
	int64_t		 delayed_since;	/* us, monotonic; 0: it was not */
};

/* Returns 0, or -1 when out of memory. */
int	flush_init(struct flush *f);
void	flush_clear(struct flush *f);

/*
 * Whether to delay the flush to a later turn, because more input is waiting.
 * Events that gather in the queues meanwhile leave in one write.  The delay is
 * bounded in turns and in time.  If no input is waiting, there is none, so a
 * single event leaves at once.
 */
bool	flush_waits(struct broker *b);

/* Write to the sessions that have something queued, to as many as one turn
 * may. */
void	flush_sessions(struct broker *b);

/* Flush in the middle of a turn, after TURN_MESSAGES messages. */
void	flush_breathe(struct broker *b);
