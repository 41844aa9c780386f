/*
 * kick.h: the procedure that closes sessions.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

struct admin;
struct call;
struct kick;

TAILQ_HEAD(kicks, kick);

/* Sessions that one turn looks at, for each call. */
#define KICK_PIECE	256

/* wampd.kick session, or an object that says which sessions, see
 * wamp-control(7): the result is {"closed":N}. */
int	admin_kick(struct call *c);

/* Go on with the calls that are not answered yet.  Returns 0 if it must be
 * called in the next turn, or -1 if there are none. */
int64_t	admin_kick_continue(struct admin *a);
