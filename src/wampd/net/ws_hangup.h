/*
 * ws_hangup.h: closing the connections of a crowd, a few per turn.
 *
 * If thousands of peers leave at once, libuv handles all their events before it
 * goes on with anything else.  We therefore watch for hang-ups with an epoll
 * set of our own, which reports many of them before libuv does.  Peers beyond
 * the number for this turn are held, which means that they are not read until a
 * later turn.
 *
 * A peer leaves by hanging up, for which the set always watches, or by sending
 * a close frame, which shows in the first byte of its input.  We look at that
 * byte only if the peer was quiet for a while: most peers of a crowd that
 * leaves were, and busy peers cost nothing.  Under TLS the byte tells nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/err.h"

#define HANGUP_TURN	64	/* peers that may leave per turn */
#define HANGUP_QUIET	1000	/* ms of silence before a peer is quiet */

struct ws_hangups;

/* A part of a connection.  All zero if it is not watched. */
struct ws_hangup {
	TAILQ_ENTRY(ws_hangup) link;	/* of those held, or those loud */
	int64_t		    heard;	/* ms; its last input; set by the
					 * transport */
	int		    fd;
	bool		    watched;
	bool		    clear;	/* no TLS: its bytes are frames */
	bool		    held;	/* not read */
	bool		    loud;	/* not quiet: input not watched */
};

/* Stop reading from the connection, or go on, which finds its end. */
typedef void ws_hangup_hold_fn(struct ws_hangup *h, bool on);

/* NULL with *e filled on failure. */
struct ws_hangups *ws_hangups_new(uv_loop_t *loop, ws_hangup_hold_fn *hold,
	    struct errbuf *e);

/* Let the next peers leave.  Call it once per turn, before the loop polls for
 * input.  Whether more are held. */
bool	ws_hangups_turn(struct ws_hangups *all);

/* Close its handles.  The loop must run until they are closed; then call
 * ws_hangups_free().  Both accept NULL. */
void	ws_hangups_close(struct ws_hangups *all);
void	ws_hangups_free(struct ws_hangups *all);

/* Watch a socket; clear is set if it has no TLS.  0, or -1 with errno: the
 * connection then works, but its hang-up is not bounded. */
int	ws_hangup_watch(struct ws_hangups *all, struct ws_hangup *h, int fd,
	    bool clear);

/* Stop watching a connection that is closed or will be. */
void	ws_hangup_forget(struct ws_hangups *all, struct ws_hangup *h);
