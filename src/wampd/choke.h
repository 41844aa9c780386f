/*
 * choke.h: receivers that do not keep up, and the publishers they hold up.
 *
 * A receiver whose queue is above its high-water mark is choked: sessions that
 * publish to it are not read from until the queue has drained to the low-water
 * mark.  That takes a moment only, or counts against the receiver's budget:
 * so much time in any window.  When it is used up, the receiver is closed.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

#include "wampd/hold.h"

struct broker;

struct choke {
	TAILQ_ENTRY(choke) link;	/* broker->chokes, by until */
	struct session	  *receiver;
	struct hold	   hold;	/* publishers wait here */
	int64_t		   since;	/* ms */
	int64_t		   until;	/* ms: longer is too long */
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

/* Close receivers that have used up their time. */
void	choke_expire(struct broker *b);
