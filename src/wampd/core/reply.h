/*
 * reply.h: answering requests.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

struct failure;
struct session;

/* Where an answer goes. */
struct reply_to {
	struct session *session;
	struct slice	id;	/* the request's, as its protocol wrote it;
				 * borrowed; len 0: no answer is expected */
	struct slice	uri;	/* the procedure, which may have no name; only
				 * if a handler answers; borrowed */
	bool		from_handler;	/* not from the broker itself: the
					 * protocol formats it differently */
};

/* How to answer a call that publishes, when its event is delivered. */
struct publish_result {
	/* Append the answer as JSON.  Returns 0, or -1 when out of memory. */
	int	(*write)(void *ctx, long delivered, struct buf *out);
	void	 *ctx;			/* borrowed; outlives the call */
};

/* Answer with a result, which is JSON.  newline: a raw CR or LF may be in
 * it. */
void	reply_result(const struct reply_to *to, struct slice result,
	    bool newline);

/* Answer with null: the request has succeeded. */
void	reply_done(const struct reply_to *to);

/* Answer with a failure. */
void	reply_failure(const struct reply_to *to, const struct failure *f);
