/*
 * pause.h: pausing the reading from sessions.
 *
 * A slow receiver, or a handler's program with too much work, has a list of the
 * sessions that send to it.  The broker does not read from them until the list
 * is released, so they cannot fill its queue.
 */
#pragma once

#include "wampd/core/session.h"

struct pause {
	struct session_list waiters;	/* by pause_link */
	bool		    slow;	/* they wait for a slow receiver */
};

void	pause_init(struct pause *p);

/* Stop reading from s until the pause ends.  Nothing happens if another pause
 * has s already. */
void	pause_session(struct pause *p, struct session *s);

/* The same, behind that waiter in the list, or first if it is NULL. */
void	pause_session_behind(struct pause *p, struct session *s,
	    struct session *before);

/* Go on reading from all sessions that wait. */
void	pause_end(struct pause *p);

/* Go on reading from s, if it waits. */
void	pause_leave(struct session *s);
