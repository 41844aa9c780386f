/*
 * protocol.h: the functions of a protocol, as the core calls them.
 *
 * A protocol knows the shapes of messages.  The core knows sessions, events,
 * results and kinds of failure, but not the messages of any protocol.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "wampd/core/verdict.h"

struct broker;
struct event;
struct frame;
struct reply_to;
struct session;
struct topic;

struct protocol {
	const char *name;	/* as a WebSocket subprotocol: "wamp" */

	/* ---- a session's life ---- */

	/* The session is open: send the first message.  Returns 0, or -1 when
	 * out of memory. */
	int	(*opened)(struct session *s);

	/* Handle one complete message.  binary: it came in a binary WebSocket
	 * frame. */
	void	(*receive)(struct session *s, struct slice message,
		    bool binary);

	/* A message larger than limits.message has begun. */
	void	(*oversized)(struct session *s);

	/* The session ends, which was perhaps never open: free what
	 * session->protocol_data holds.  Nothing is sent any more. */
	void	(*closed)(struct session *s);

	/* ---- what it sends ---- */

	/* Make the message that brings an event of t to subscribers, with one
	 * reference.  newline: a raw CR or LF is in the event.  mark: the
	 * kept event that it is, which the message says then, or NULL.  NULL
	 * when out of memory. */
	struct frame *(*event)(struct broker *b, const struct topic *t,
		    struct slice event, bool newline,
		    const struct event *mark);

	/* Answer a request with a result, or with a failure.  newline: a raw
	 * CR or LF may be in the result. */
	void	(*result)(const struct reply_to *to, struct slice result,
		    bool newline);
	void	(*failed)(const struct reply_to *to, const struct failure *f);

	/* A subscription to t, or a publication on t, is refused.  The peer
	 * waits for no answer, but the protocol may tell it. */
	void	(*refused)(struct session *s, const struct topic *t,
		    const struct failure *f);

	/* The error URI of a kind of failure.  Static. */
	const char *(*error_uri)(enum failure_kind kind);
};
