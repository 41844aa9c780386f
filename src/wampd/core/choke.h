/*
 * choke.h: receivers that do not keep up, and the publishers they hold up.
 *
 * A receiver whose queue is above its high-water mark is choked: sessions that
 * publish to it are not read from until the queue has drained to the low-water
 * mark.  Time in which it takes next to nothing counts against its budget: so
 * much in any window.  When that is used up, the receiver is closed.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

#include "wampd/core/hold.h"

struct broker;

struct choke {
	TAILQ_ENTRY(choke) link;	/* broker->pressure.chokes, by due */
	struct session	  *receiver;
	struct hold	   hold;	/* publishers wait here */
	int64_t		   since;	/* ms: of the last look */
	int64_t		   due;		/* ms: of the next */
	uint64_t	   taken;	/* by the receiver, at the last look */
	int64_t		   debt;	/* ms: to be made up for, or lost */
};

TAILQ_HEAD(choke_list, choke);

/* The time a receiver has used up, as of `at`; it comes back slowly. */
struct stall {
	int64_t used;		/* ms */
	int64_t at;		/* ms, monotonic */
};

/* s has come above its high-water mark, or below the low one: hold publishers
 * up, or let them go.  begin: 0, or -1 when out of memory. */
int	choke_begin(struct session *s);
void	choke_end(struct session *s);

/* Stop reading from publisher until the receiver has drained; nothing happens
 * when it is not choked. */
void	choke_wait(struct session *publisher, struct session *receiver);

/* Look at the receivers that are due.  The next one that has used up its time,
 * which is to be closed; NULL: there is none. */
struct session *choke_expired(struct broker *b);
