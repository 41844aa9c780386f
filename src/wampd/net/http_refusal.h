/*
 * http_refusal.h: what an HTTP request is refused for, and the answer.
 *
 * A cause is a row of a table: its name, status, fields and sentence.  A new
 * one is a constant here and a row there.  Nothing of the request is in the
 * answer.
 */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "base/buf.h"
#include "base/slice.h"

enum http_cause {
	/* The request line. */
	HTTP_CAUSE_TLS_HELLO,		/* TLS on a port without */
	HTTP_CAUSE_REQUEST_LINE,
	HTTP_CAUSE_LINE_END,		/* LF or CR alone */
	HTTP_CAUSE_LONG_METHOD,
	HTTP_CAUSE_TARGET,
	HTTP_CAUSE_LONG_TARGET,
	HTTP_CAUSE_VERSION,
	/* The header fields. */
	HTTP_CAUSE_FIELD,
	HTTP_CAUSE_FOLDED_FIELD,
	HTTP_CAUSE_HOST,
	HTTP_CAUSE_FRAMING,		/* Content-Length, Transfer-Encoding */
	HTTP_CAUSE_EXPECTATION,
	HTTP_CAUSE_LARGE_HEAD,
	HTTP_CAUSE_ADDRESS,		/* it may not connect */
	HTTP_CAUSE_FORWARDED,		/* what our proxy tells is malformed */
	/* Where it comes from. */
	HTTP_CAUSE_FOREIGN_HOST,
	HTTP_CAUSE_ORIGIN,		/* malformed, or "null" */
	HTTP_CAUSE_FOREIGN_ORIGIN,
	HTTP_CAUSE_NO_ORIGIN,
	/* What is asked for. */
	HTTP_CAUSE_CONTENT,
	HTTP_CAUSE_METHOD,		/* of a WebSocket */
	HTTP_CAUSE_HTTP_METHOD,		/* where HTTP is served */
	HTTP_CAUSE_NOT_FOUND,
	/* The WebSocket handshake. */
	HTTP_CAUSE_NO_UPGRADE,
	HTTP_CAUSE_CONNECTION,		/* does not list "Upgrade" */
	HTTP_CAUSE_KEY,
	HTTP_CAUSE_WS_VERSION,
	HTTP_CAUSE_SUBPROTOCOL,		/* malformed */
	HTTP_CAUSE_NO_SUBPROTOCOL,
	HTTP_CAUSE_UNKNOWN_SUBPROTOCOL,
	HTTP_CAUSE_EXTENSIONS,		/* malformed */
	/* Who the client is. */
	HTTP_CAUSE_NO_PROOF,
	HTTP_CAUSE_BAD_TICKET,		/* malformed */
	HTTP_CAUSE_TICKET_FUTURE,
	HTTP_CAUSE_TICKET_EXPIRED,
	HTTP_CAUSE_TICKET_REPLAYED,
	HTTP_CAUSE_UNKNOWN_USER,
	HTTP_CAUSE_WRONG_TICKET,	/* its digest or signature */
	HTTP_CAUSE_UNKNOWN_KEY,
	HTTP_CAUSE_TICKET_FOREIGN,	/* for, or from, somebody else */
	HTTP_CAUSE_LOOKUP_FAILED,
	HTTP_CAUSE_BUSY,
	/* The server's state. */
	HTTP_CAUSE_TIMEOUT,		/* the head did not come in time */
	HTTP_CAUSE_FULL,		/* of sessions, */
	HTTP_CAUSE_FULL_ADDRESS,	/* of one address, */
	HTTP_CAUSE_FULL_USER,		/* of one user */
	HTTP_CAUSE_INTERNAL,
	HTTP_CAUSES
};

struct http_refusal {
	enum http_cause	   cause;
	const char *const *names;	/* borrowed; what is spoken instead, to
					 * NULL; NULL: not said */
	unsigned	   retry_after;	/* seconds; 0: not said */
	const char	  *extra;	/* borrowed; more lines of fields,
					 * each with CR LF; or NULL */
	struct slice	   user;	/* borrowed; for the log: who the
					 * client says he is; or empty */
	const char	  *reason;	/* static; for the log; or NULL */
	time_t		   date;	/* of the answer; 0: not said.  RFC 9110
					 * section 6.6.1 wants it */
	/* Only for the log. */
	struct slice	   seen;	/* borrowed; what is wrong, or no
					 * text */
	const char	  *key;		/* static; the key of wampd.yml that
					 * would allow it, or NULL */
};

/* Append the whole answer; that to HEAD has no body.  0, or -1 when out of
 * memory: then a part of it may be there. */
int	http_refusal_write(const struct http_refusal *r, bool head_only,
	    struct buf *out);

/* A word for counters and the log, in snake_case; the status. */
const char *http_cause_name(enum http_cause cause);
unsigned http_cause_status(enum http_cause cause);

/* For the log: what the administrator can do, or NULL. */
const char *http_cause_remedy(enum http_cause cause);
