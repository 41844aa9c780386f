/*
 * http_request.h: the head of an HTTP/1 request (RFC 9112), as it comes.
 *
 * Every byte is looked at once, however the head is cut.  A head is refused as
 * soon as it cannot become a good one.  Where RFC 9112 leaves a choice, this is
 * strict: requests are smuggled where a proxy and its server choose
 * differently.
 *
 * - A line ends with CR LF.  Neither stands alone (section 2.2 allows LF).
 * - One blank separates the parts of the request line (section 3).
 * - At most two empty lines come before it (section 2.2).
 * - A field that goes on in the next line is refused (section 5.2), and so is
 *   one without a colon, with a blank before it, or with control characters.
 * - Content-Length beside Transfer-Encoding, or twice, is refused (section
 *   6.3).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "wampd/net/http_field.h"
#include "wampd/net/http_refusal.h"

struct http_request {
	struct slice method;	/* borrowed from the head, as all of them */
	struct slice target;	/* as it came */
	struct slice path;	/* of the target; "/" if an absolute one has
				 * none, "*" of OPTIONS, empty of CONNECT */
	struct slice query;	/* of the target, without "?" */
	struct slice authority;	/* of Host, or of an absolute target (section
				 * 3.2.2); may be empty with HTTP/1.0 */
	struct slice fields;	/* their lines, for http_field_next() */
	size_t	     len;	/* bytes of the whole head, from the first
				 * byte of the connection to the empty line */
	unsigned     minor;	/* HTTP/1.minor: 0, or 1 for all higher ones */
	bool	     content;	/* follows; see below */
};

/* A part of the head.  The buffer may move, so this is no slice. */
struct http_part {
	uint32_t at;
	uint32_t len;
};

/* How far a head was read.  Zeroed when the connection begins. */
struct http_scan {
	uint32_t	 at;		/* bytes that were looked at */
	uint32_t	 begin;		/* of the part that is being read */
	struct http_part method;
	struct http_part target;
	struct http_part host;		/* what Host says */
	uint32_t	 fields;	/* where they begin */
	uint32_t	 colon;		/* of the line that is being read */
	uint8_t		 state;		/* enum state of http_request.c */
	uint8_t		 empty_lines;
	uint8_t		 minor;
	uint8_t		 coding;	/* enum coding of http_request.c */
	uint8_t		 cause;		/* when refused */
	bool		 has_host;
	bool		 has_length;	/* Content-Length, which may be 0 */
	bool		 has_content;	/* it is not 0 */
};

enum http_read { HTTP_READ_MORE, HTTP_READ_DONE, HTTP_READ_REFUSED };

/*
 * Read on in all that has come since the connection began.  A head of more
 * than limit bytes, which are some, is refused.
 *
 * Once the head is done or refused, another call gives the same again, from
 * where the buffer is now.  *why then has only the cause.  *req of a refused
 * request has the method, the target and the version, as far as they are
 * known: for the log, and because the answer to HEAD differs.
 *
 * A request with content is not refused here, because its method may be the
 * better reason (405).  Whoever serves it must refuse it
 * (HTTP_CAUSE_CONTENT): the bytes behind the head are not another request.
 */
enum http_read http_request_read(struct http_scan *scan, struct slice in,
	    size_t limit, struct http_request *req, struct http_refusal *why);

/* Whether the answer must have no body (RFC 9110 section 9.3.2). */
static inline bool
http_request_is_head(const struct http_request *req)
{
	return slice_eq(req->method, SLICE("HEAD"));
}
