/*
 * ws_hangup.h: connections whose peers leave, a few at a time.
 *
 * libuv hands over tens of thousands of events before it lets anyone else have
 * a turn, and a crowd that leaves at once is as many.  So a set of its own
 * tells of them in bulk and beforehand: whoever is one too many for this turn
 * is held, unread, until it has its own.
 *
 * Peers leave by hanging up, which the set is asked for all the time, or by a
 * close frame, which is found by looking at the first byte that comes.  The
 * latter is asked for only while a peer is quiet, as a crowd that leaves mostly
 * is, so that it costs nothing where much is said; and never under TLS, where
 * that byte tells nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/err.h"

#define HANGUP_TURN	64	/* let go each turn */
#define HANGUP_QUIET	1000	/* ms of silence: a peer may be leaving */

struct hangups;

/* A connection's part; zeroed: not watched. */
struct hangup {
	TAILQ_ENTRY(hangup) link;	/* of those held, or those loud */
	int64_t		    heard;	/* ms: when it last said something;
					 * the transport's to set */
	int		    fd;
	bool		    watched;
	bool		    clear;	/* its bytes are frames */
	bool		    held;
	bool		    loud;	/* not asked for its next byte */
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

/* Watch a socket for the end of its peer.  clear: no TLS is on it.  0, or -1
 * with errno set: then the connection ends as any other. */
int	hangup_watch(struct hangups *all, struct hangup *h, int fd,
	    bool clear);

/* The connection is closed, or about to be: it is no matter of ours. */
void	hangup_forget(struct hangups *all, struct hangup *h);
