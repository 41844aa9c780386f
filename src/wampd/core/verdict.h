/*
 * verdict.h: what is decided about a request, and why it fails.
 *
 * The core and its handlers know kinds of failure.  How a peer is told, and by
 * which URI, is up to its protocol (protocol.h).
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"

enum verdict {
	VERDICT_YES,
	VERDICT_NO,	/* a reason says why */
	VERDICT_LATER,	/* the handler has taken a request (request.h) */
	VERDICT_DONE,	/* publish: yes, and publish_own() was called for
			 * whatever came of it */
};

enum failure_kind {
	FAILURE_NO_ROUTE,	/* no route matches the topic */
	FAILURE_FORBIDDEN,	/* the principal may not */
	FAILURE_NO_PROCEDURE,	/* nobody answers calls of that URI */
	FAILURE_BAD_ARGUMENT,
	FAILURE_INTERNAL,	/* memory, or a disk */
	FAILURE_HANDLER,	/* a handler's own: its program failed, or says
				 * so */
};

struct failure {
	enum failure_kind kind;
	const char     *uri;	/* FAILURE_HANDLER: the error that the handler
				 * names; borrowed, or NULL */
	struct slice	details; /* its details, JSON; borrowed, or len 0 */
	const char     *message; /* its reason, of any length; borrowed, or
				 * NULL */
	struct errbuf	reason;	/* why, when there is no message */
};

/* One of that kind, whose reason was, or will be, set. */
static inline void
failure_begin(struct failure *f, enum failure_kind kind)
{
	f->kind = kind;
	f->uri = NULL;
	f->details = slice_of(NULL, 0);
	f->message = NULL;
}

static inline const char *
failure_text(const struct failure *f)
{
	return f->message != NULL ? f->message : f->reason.msg;
}
