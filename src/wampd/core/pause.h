/*
 * pause.h: sessions that are not read from until something has caught up.
 *
 * A receiver or a handler's program that cannot keep up has a list of those
 * who feed it.  They wait there instead of filling its queue.
 */
#pragma once

#include "wampd/core/session.h"

struct pause {
	struct session_list waiters;	/* by pause_link */
};

void	pause_init(struct pause *h);

/* Read no more of s until the pause ends.  Nothing happens when it waits
 * somewhere already. */
void	pause_session(struct pause *h, struct session *s);

/* All who wait go on. */
void	pause_end(struct pause *h);

/* s waits no longer, if it does. */
void	pause_leave(struct session *s);
