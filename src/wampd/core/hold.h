/*
 * hold.h: sessions that are not read from until something has caught up.
 *
 * What cannot keep up with those who feed it, a receiver or a handler's
 * program, has a hold; they wait there instead of filling its queue.
 */
#pragma once

#include "wampd/core/session.h"

struct hold {
	struct session_list waiters;	/* by wait_link */
};

void	hold_init(struct hold *h);

/* Read no more of s until the hold ends.  Nothing happens when it waits
 * somewhere already. */
void	hold_wait(struct hold *h, struct session *s);

/* All who wait go on. */
void	hold_end(struct hold *h);

/* s waits no longer, if it does. */
void	hold_leave(struct session *s);
