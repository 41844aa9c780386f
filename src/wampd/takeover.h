/*
 * takeover.h: taking over from a wampd that runs (wampd --takeover).
 *
 * Both talk on the control socket of the old one, in messages of WAMP:
 *
 *	wampd.takeover {"step":"begin"}		copies of its listening sockets
 *	wampd.takeover {"step":"commit"}	what it keeps, and a socket
 *
 * The listening sockets are never closed, so that nobody is refused.  Between
 * the second answer and our word on that socket, the old process waits, and
 * changes nothing.  If we end before, or take longer than TAKEOVER_PATIENCE, it
 * goes on as if nothing had happened.  Otherwise it drains, and we own the
 * files of the sockets.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/net/given.h"

struct broker;

#define TAKEOVER_PATIENCE 5000	/* ms that the old process waits for us */
#define TAKEOVER_SERVES	'y'	/* our word, and its answer */

struct takeover {
	struct given given;	/* its sockets */
	struct buf   in;	/* read, and not used yet */
	struct buf   state_dir;	/* of the old one; empty: none */
	int	     fd;	/* to its control socket */
	int	     decision;	/* -1: nothing is committed */
	int	     kept;	/* file with what it keeps, or -1 */
	pid_t	     pid;	/* of the old one */
};

/* Get the sockets.  t->given is ours then.  0, or -1 with *e filled; then call
 * takeover_end(), too. */
int	takeover_begin(struct takeover *t, const char *control_path,
	    struct errbuf *e);

/* From now on the old process waits.  0, or -1 with *e filled. */
int	takeover_commit(struct takeover *t, struct errbuf *e);

/* Take over what the old process keeps; but what is in its state_dir, if that
 * is ours, too, was read already.  0, or -1 with *e filled. */
int	takeover_restore(struct takeover *t, struct broker *b,
	    struct errbuf *e);

/* We serve from now on.  0; or -1 with *e filled: the old process goes on. */
int	takeover_finish(struct takeover *t, struct errbuf *e);

/* Close all.  If it was not finished, the old process goes on. */
void	takeover_end(struct takeover *t);
