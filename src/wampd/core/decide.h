/*
 * decide.h: how a handler ends a request that it has decided later.
 *
 * Each function sends the answer, if the session is still there to get it, and
 * frees the request.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"

struct request;

/* Allow the subscription: subscribe the session. */
void	decide_grant(struct request *r);

/* Accept the publication.  The handler has published what it made of the event,
 * and that was queued to this number of sessions. */
void	decide_delivered(struct request *r, long delivered);

/* Answer the call with this result, which is JSON.  If it exceeds the limits,
 * the call fails. */
void	decide_result(struct request *r, struct slice result);

/* Refuse the request, and log a warning, because the handler's answer exceeds
 * the limit that *e names. */
void	decide_exceeds(struct request *r, const struct errbuf *e);

/* Refuse the request for this reason.  uri and details are for calls only: the
 * URI of the error (NULL: the protocol's own choice), and JSON (may have
 * len 0). */
void	decide_refuse(struct request *r, const char *uri,
	    const char *reason, struct slice details);
