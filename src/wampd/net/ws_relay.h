/*
 * ws_relay.h: what is between a connection and the server of HTTP that answers
 * its request: a socket pair, of which the server has one end.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/net/door.h"
#include "wampd/net/stream.h"

struct ws;
struct ws_conn;

struct relay {
	struct stream	stream;		/* first; our end */
	struct visit	visit;		/* of ws->relays */
	struct ws      *ws;		/* borrowed */
	struct ws_conn *conn;		/* NULL: it has left */
	uint64_t	taken;		/* by the peer, as stream_taken() */
	bool		head_only;	/* the request is HEAD */
	bool		answered;	/* the server has said something */
	bool		over;		/* and will say nothing more */
};

struct relay *relay_of_visit(struct visit *v);

/* Make a relay for a connection; *fd is the server's end, and the caller's.
 * NULL without memory or descriptors. */
struct relay *relay_new(struct ws_conn *c, const struct stream_ops *ops,
	    int *fd);

/* The answer goes on: its time begins anew. */
void	relay_note_progress(struct relay *r);

/* End it now.  The connection must have left. */
void	relay_close(struct relay *r);

/* Its connection leaves.  What the server still says is dropped. */
void	relay_leave(struct relay *r);
