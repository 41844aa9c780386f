/*
 * protocol.h: what the core sees of a protocol.
 *
 * A protocol knows the shapes of messages.  The core knows sessions, events,
 * outcomes and kinds of failure, and no message of any version: what it has to
 * say, it says through this table.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "wampd/core/verdict.h"

struct broker;
struct frame;
struct reply_to;
struct session;
struct topic;

struct protocol {
	const char *name;	/* as a WebSocket subprotocol: "wamp" */

	/* ---- a session's life ---- */

	/* The session is open: say the first word.  0, or -1 when out of
	 * memory. */
	int	(*opened)(struct session *s);

	/* One complete message of it.  binary: it came in a binary WebSocket
	 * frame. */
	void	(*receive)(struct session *s, struct slice message,
		    bool binary);

	/* A message larger than limits.message has begun. */
	void	(*oversized)(struct session *s);

	/* The session ends, which was perhaps never open: free what
	 * session->spoken holds.  Nothing is sent any more. */
	void	(*closed)(struct session *s);

	/* ---- what is said ---- */

	/* The message that brings an event of t to its subscribers, with one
	 * reference; NULL when out of memory.  newline: a raw CR or LF is in
	 * it.  marked: it says that t has kept the event. */
	struct frame *(*event)(struct broker *b, const struct topic *t,
		    struct slice event, bool newline, bool marked);

	/* Answer a request.  newline: a raw CR or LF may be in the result. */
	void	(*result)(const struct reply_to *to, struct slice result,
		    bool newline);
	void	(*failed)(const struct reply_to *to, const struct failure *f);

	/* A subscription or publication on t, which expects no answer, is
	 * refused. */
	void	(*refused)(struct session *s, const struct topic *t,
		    const struct failure *f);

	/* The URI that names such a failure. */
	const char *(*error_uri)(enum failure_kind kind);
};
