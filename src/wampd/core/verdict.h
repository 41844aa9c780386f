/*
 * verdict.h: what was decided about a request, and why it failed.
 *
 * The core and the handlers know kinds of failure.  The protocol (protocol.h)
 * chooses the message and the error URI that the peer gets.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"

enum verdict {
	VERDICT_YES,
	VERDICT_NO,	/* the reason is filled */
	VERDICT_LATER,	/* the handler has made a request (request.h) */
	VERDICT_DONE,	/* for events: yes, and the handler has published what
			 * it made of the event itself, with publish_own() */
};

enum failure_kind {
	FAILURE_NO_ROUTE,	/* no route matches the topic */
	FAILURE_FORBIDDEN,	/* the principal may not */
	FAILURE_NO_PROCEDURE,	/* nobody answers calls of that URI */
	FAILURE_BAD_ARGUMENT,
	FAILURE_INTERNAL,	/* out of memory, or a disk error */
	FAILURE_HANDLER,	/* the handler's program failed, or answered
				 * with an error */
};

struct failure {
	enum failure_kind kind;
	/* Borrowed: */
	const char     *uri;	/* the error that the handler or the procedure
				 * names, or NULL */
	/* For FAILURE_HANDLER, and borrowed: */
	struct slice	details; /* of that error: JSON, or len 0 */
	const char     *message; /* its reason, of any length, or NULL */

	struct errbuf	reason;	/* the reason, if message is NULL */
};

/* Begin a failure of that kind.  Its reason is filled before or after. */
static inline void
failure_begin(struct failure *f, enum failure_kind kind)
{
	f->kind = kind;
	f->uri = NULL;
	f->details = slice_of(NULL, 0);
	f->message = NULL;
}

/* The reason, borrowed. */
static inline const char *
failure_text(const struct failure *f)
{
	return f->message != NULL ? f->message : f->reason.msg;
}
