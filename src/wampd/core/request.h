/*
 * request.h: a SUBSCRIBE, PUBLISH or CALL that its handler decides later.
 *
 * A request owns copies of what it needs, so it may outlive the message and the
 * session.  The handler keeps it in a list of its own, and ends it with one
 * function of decide.h, which also frees it.  When the session of a request has
 * left, the request ends without an answer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/pause.h"
#include "wampd/core/publish.h"

struct call;
struct handler;
struct session;
struct source;
struct topic;

enum request_kind { REQUEST_SUBSCRIBE, REQUEST_PUBLISH, REQUEST_CALL };

struct request {
	TAILQ_ENTRY(request) link;	/* the handler's own list */
	TAILQ_ENTRY(request) session_link; /* session->ledger->requests */
	enum request_kind kind;
	struct handler *handler;	/* a reference to its generation */
	struct session *session;	/* NULL: it has left, or the broker
					 * itself publishes */
	struct source  *source;		/* the address of the session, also
					 * when that has left; or NULL */
	uint64_t	id;		/* unique while the broker lives */
	int64_t		since;		/* ms, monotonic */
	size_t		cost;		/* bytes, on the session's account */
	struct buf	text;		/* owned; the slices point into it */
	struct slice	uri;		/* topic or procedure, expanded */
	struct slice	call_id;	/* len 0: it is not a call */
	struct publish_result result;	/* REQUEST_PUBLISH by a call */
	struct slice	event;		/* REQUEST_PUBLISH: JSON */
	struct slice	args;		/* REQUEST_CALL: JSON list or object */
	struct audience	to;		/* REQUEST_PUBLISH */
	bool		newline, retain; /* REQUEST_PUBLISH */
	int64_t		retain_for;	/* the same */
	bool		cancelled;	/* REQUEST_SUBSCRIBE: the session has
					 * unsubscribed meanwhile */
	uint64_t	index;		/* of the PUBLISH, for the tally */
};

TAILQ_HEAD(request_list, request);

/* The requests of a session that are not decided yet. */
struct request_load {
	size_t	     n;
	size_t	     bytes;	/* on the session's account */
	size_t	     low_n;	/* if it is held: until so few are left, */
	size_t	     low_bytes;	/* which have so few bytes */
	struct pause hold;	/* the session, if it has too many */
};

/* Make a request from what the handler was asked.  A session with too many of
 * them, by limits.requests or its account, is not read from until half of them
 * are decided.  Returns NULL when out of memory. */
struct request *request_subscribe(struct handler *h, struct topic *t,
	    struct session *s);
struct request *request_publish(struct handler *h,
	    const struct publication *p);
struct request *request_call(struct handler *h, const struct call *c);

/* Fill *p with the publication of a REQUEST_PUBLISH, to deliver it now.  It
 * borrows from r.  Returns false when out of memory. */
bool	request_publication(const struct request *r, struct publication *p);

/* Let h decide r, which has the same declaration as the handler before. */
void	request_move(struct request *r, struct handler *h);

/* ---- the session's side ---- */

/* The request of s to subscribe to that topic, which is not decided yet; or
 * NULL.  A second SUBSCRIBE is then ignored, and UNSUBSCRIBE cancels it. */
struct request *request_find_subscribe(struct session *s, struct slice uri);

/* The requests of s that are not decided. */
const struct request_load *request_load(const struct session *s);

/* How many undecided requests s has; or if those are more, all sessions of its
 * address, with those that have left. */
size_t	request_count(const struct session *s);

/* Stop reading from s until half of its requests are decided: it has a large
 * share of what waits somewhere.  s must have requests. */
void	request_hold(struct session *s);

/* The session leaves: its requests lose their session. */
void	request_forget(struct session *s);

/* Free a request.  For decide.c only. */
void	request_free(struct request *r);
