/*
 * request.h: a SUBSCRIBE, PUBLISH or CALL that its handler decides later.
 *
 * It owns copies of what it needs, so neither the message nor the session
 * must outlive it.  The handler keeps it in a list of its own and ends it with
 * exactly one of the functions below, which also free it.  A session that
 * left is forgotten: its requests end without anyone being told.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/wamp.h"
#include "wampd/core/publish.h"

struct call;
struct handler;
struct session;
struct topic;

enum request_kind { REQUEST_SUBSCRIBE, REQUEST_PUBLISH, REQUEST_CALL };

struct request {
	TAILQ_ENTRY(request) link;	/* the handler's own list */
	TAILQ_ENTRY(request) session_link; /* session->extra->requests */
	enum request_kind kind;
	struct handler *handler;	/* borrowed */
	struct session *session;	/* NULL: it has left, or never was */
	uint64_t	id;		/* unique while the broker lives */
	int64_t		since;		/* ms, monotonic */
	struct buf	text;		/* owned; the slices point into it */
	struct slice	uri;		/* topic or procedure, expanded */
	struct slice	call_id;	/* JSON; len 0: answered otherwise */
	struct publish_result result;	/* REQUEST_PUBLISH by a call */
	struct slice	event;		/* REQUEST_PUBLISH; JSON */
	struct slice	args;		/* REQUEST_CALL; JSON list */
	struct slice	exclude_list, eligible;	/* for json_next() */
	enum wamp_exclude exclude;
	bool		has_eligible, newline, retain;
	bool		cancelled;	/* unsubscribed meanwhile */
	uint64_t	index;		/* of the PUBLISH, for the tally */
};

TAILQ_HEAD(request_list, request);

/* Take over what is being decided.  NULL when out of memory. */
struct request *request_subscribe(struct handler *h, struct topic *t,
	    struct session *s);
struct request *request_publish(struct handler *h,
	    const struct publication *p);
struct request *request_call(struct handler *h, const struct call *c);

/* The publication that a request holds, to be delivered now; borrows from r.
 * false when out of memory. */
bool	request_publication(const struct request *r, struct publication *p);

/* ---- ends ---- */

/* The session may subscribe; is subscribed now. */
void	request_grant(struct request *r);

/* What the handler made of the event, with publish_own(), went to so many
 * sessions. */
void	request_delivered(struct request *r, long delivered);

/* The call's result, as JSON; refused when it exceeds the limits. */
void	request_result(struct request *r, struct slice result);

/* What the handler made of it exceeds a limit: it is refused, and logged. */
void	request_exceeds(struct request *r, const struct errbuf *e);

/* No, for this reason; for a call: with this error URI and details (JSON, may
 * be len 0). uri NULL: the one that fits. */
void	request_refuse(struct request *r, const char *uri,
	    const char *reason, struct slice details);

/* ---- the session's side ---- */

/* Is such a subscription being decided?  Then the second SUBSCRIBE is
 * nothing, and an UNSUBSCRIBE cancels it. */
struct request *request_find_subscribe(struct session *s, struct slice uri);

/* The session leaves. */
void	request_forget(struct session *s);
