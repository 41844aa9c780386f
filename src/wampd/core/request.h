/*
 * request.h: a SUBSCRIBE, PUBLISH or CALL that its handler decides later.
 *
 * It owns copies of what it needs, so neither the message nor the session
 * must outlive it.  The handler keeps it in a list of its own and ends it with
 * exactly one of the functions of decide.h, which also free it.  A session that
 * left is forgotten: its requests end without anyone being told.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/publish.h"

struct call;
struct handler;
struct session;
struct topic;

enum request_kind { REQUEST_SUBSCRIBE, REQUEST_PUBLISH, REQUEST_CALL };

struct request {
	TAILQ_ENTRY(request) link;	/* the handler's own list */
	TAILQ_ENTRY(request) session_link; /* session->ledger->requests */
	enum request_kind kind;
	struct handler *handler;	/* its generation is held */
	struct session *session;	/* NULL: it has left, or never was */
	uint64_t	id;		/* unique while the broker lives */
	int64_t		since;		/* ms, monotonic */
	struct buf	text;		/* owned; the slices point into it */
	struct slice	uri;		/* topic or procedure, expanded */
	struct slice	call_id;	/* len 0: answered otherwise */
	struct publish_result result;	/* REQUEST_PUBLISH by a call */
	struct slice	event;		/* REQUEST_PUBLISH; JSON */
	struct slice	args;		/* REQUEST_CALL; JSON list */
	struct audience	to;		/* REQUEST_PUBLISH */
	bool		newline, retain;
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

/* ---- the session's side ---- */

/* Is such a subscription being decided?  Then the second SUBSCRIBE is
 * nothing, and an UNSUBSCRIBE cancels it. */
struct request *request_find_subscribe(struct session *s, struct slice uri);

/* The session leaves. */
void	request_forget(struct session *s);

/* Take it out of its session's list and free it (decide.c). */
void	request_free(struct request *r);
