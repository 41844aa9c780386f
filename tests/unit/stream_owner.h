/*
 * stream_owner.h: an owner of a stream that does what the test says, and
 * remembers what it was told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "net_loop.h"
#include "wampd/net/stream.h"

struct owner {
	struct stream stream;		/* first */

	/* What it does with input. */
	size_t	 uses;			/* bytes of an input that it uses */
	bool	 yields;		/* when it has not used all */
	size_t	 pauses_at;		/* bytes of got; 0: never */
	void	(*then)(struct owner *o);	/* called by input(), or NULL */

	/* What it was told. */
	struct buf got;			/* the input that it has used */
	unsigned inputs;		/* calls */
	unsigned writables;
	unsigned secured;
	unsigned insecure;
	unsigned ended;
	unsigned closed;		/* its memory is the test's */
	bool	 broken;		/* as it was told when it ended */
};

/* Own a new stream of a socket pair.  half_close: see stream_ops.  tls: NULL
 * for clear text.  Returns the peer's end. */
int	owner_open(struct owner *o, struct loop *s, int type, bool half_close,
	    struct tls *tls);

/* The same over TCP. */
int	owner_open_tcp(struct owner *o, struct loop *s);

/* Close the stream, if that was not done, and check that the owner was told. */
void	owner_close(struct owner *o, struct loop *s, const char *what);
