/*
 * slow.h: receivers that do not keep up, and the publishers that wait for
 * them.
 *
 * A receiver whose queue is above its high-water mark is slow: sessions that
 * publish to it are not read from until the queue has drained to the low-water
 * mark.  Time in which it takes next to nothing counts against its budget: so
 * much in any window.  When that is used up, the receiver is closed.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

#include "wampd/core/pause.h"

struct broker;

struct slow {
	TAILQ_ENTRY(slow) link;	/* broker->pressure.slow, by due */
	struct session	  *receiver;
	struct pause	   pause;	/* publishers wait here */
	int64_t		   since;	/* ms: of the last look */
	int64_t		   due;		/* ms: of the next */
	uint64_t	   taken;	/* by the receiver, at the last look */
	int64_t		   debt;	/* ms: to be made up for, or lost */
};

TAILQ_HEAD(slow_list, slow);

/* The time a receiver has used up, as of `at`; it comes back slowly. */
struct slow_budget {
	int64_t used;		/* ms */
	int64_t at;		/* ms, monotonic */
};

/* s has come above its high-water mark, or below the low one: pause its
 * publishers, or let them go on.  begin: 0, or -1 when out of memory. */
int	slow_begin(struct session *s);
void	slow_end(struct session *s);

/* Stop reading from publisher until the receiver has drained; nothing happens
 * when it is not slow. */
void	slow_pause(struct session *publisher, struct session *receiver);

/* Look at the receivers that are due.  The next one that has used up its time,
 * which is to be closed; NULL: there is none. */
struct session *slow_expired(struct broker *b);
