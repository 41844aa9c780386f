/*
 * decide.h: the ends of a request that its handler decides later.
 *
 * Each tells whoever waits for it, and frees the request.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"

struct request;

/* The session may subscribe; is subscribed now. */
void	decide_grant(struct request *r);

/* What the handler made of the event, with publish_own() or
 * describe_deliver(), went to so many sessions. */
void	decide_delivered(struct request *r, long delivered);

/* The call's result, as JSON; refused when it exceeds the limits. */
void	decide_result(struct request *r, struct slice result);

/* What the handler made of it exceeds a limit: it is refused, and logged. */
void	decide_exceeds(struct request *r, const struct errbuf *e);

/* No, for this reason; for a call: with this error URI and details (JSON, may
 * be len 0). uri NULL: the one that fits. */
void	decide_refuse(struct request *r, const char *uri,
	    const char *reason, struct slice details);
