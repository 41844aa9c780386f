/*
 * reply.h: answers to requests, whatever made them.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/verdict.h"

struct session;

/* Where an answer goes. */
struct reply_to {
	struct session *session;
	struct slice	id;	/* the request's, as its protocol wrote it;
				 * borrowed; len 0: nobody waits for one */
	struct slice	uri;	/* a procedure that a handler answers, in the
				 * handler's own way; len 0: one of ours */
};

/* What a call that publishes answers once its event was delivered. */
struct publish_result {
	/* Append it as JSON.  0 or -1. */
	int	(*write)(void *ctx, long delivered, struct buf *out);
	void	 *ctx;			/* borrowed; outlives the call */
};

/* The result, as JSON; newline: a raw CR or LF may be in it. */
void	reply_result(const struct reply_to *to, struct slice result,
	    bool newline);

/* It has done what it was for. */
void	reply_done(const struct reply_to *to);

void	reply_failure(const struct reply_to *to, const struct failure *f);

/* What became of the event that a call published; *f counts when the verdict
 * is no. */
void	reply_published(const struct reply_to *to,
	    const struct publish_result *result, enum verdict verdict,
	    long delivered, const struct failure *f);
