/*
 * ws_hangup.h: connections whose peers have hung up, a few at a time.
 *
 * libuv hands over tens of thousands of events before it lets anyone else have
 * a turn, and a crowd that leaves at once is as many.  So a set of its own,
 * which asks for hang-ups alone, tells of them in bulk and beforehand: whoever
 * is one too many for this turn is held, unread, until it has its own.
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/err.h"

#define HANGUP_TURN	64	/* let go each turn */

struct hangups;

/* A connection's part; zeroed: not watched. */
struct hangup {
	TAILQ_ENTRY(hangup) link;	/* of those held */
	bool		    held;
	bool		    watched;
};

/* Read no more from the connection, or go on: then it is found to be at its
 * end. */
typedef void hangup_hold_fn(struct hangup *h, bool on);

/* NULL with *e filled on failure. */
struct hangups *hangups_new(uv_loop_t *loop, hangup_hold_fn *hold,
	    struct errbuf *e);

/* Let the next ones go.  To be called once a turn, before the loop looks for
 * input; whether more are held. */
bool	hangups_turn(struct hangups *all);

/* Close its handle; the loop must run until that is done, then
 * hangups_free().  NULL is fine for both. */
void	hangups_close(struct hangups *all);
void	hangups_free(struct hangups *all);

/* Watch a socket for the end of its peer.  0, or -1 with errno set: then the
 * connection ends as any other. */
int	hangup_watch(struct hangups *all, struct hangup *h, int fd);

/* The connection is closed, or about to be: it is no matter of ours. */
void	hangup_forget(struct hangups *all, struct hangup *h);
