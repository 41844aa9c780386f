/*
 * http_request.h: the head of an HTTP/1 request (RFC 9112), as it comes.
 *
 * Every byte is looked at once, however the head is cut, and refused as soon as
 * no good head can begin so.  Where RFC 9112 leaves a choice, this is strict,
 * because a proxy in front may have chosen otherwise, which is how requests
 * are smuggled:
 *
 * - A line ends with CR LF.  Neither stands alone (section 2.2 allows LF).
 * - One blank separates the parts of the request line (section 3).
 * - At most two empty lines come before it (section 2.2).
 * - A field that goes on in the next line is refused (section 5.2), and so is
 *   one without a colon, with a blank before it, or with control characters.
 * - Content-Length beside Transfer-Encoding, or twice with different values, is
 *   refused (section 6.3).
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
	size_t	     len;	/* bytes of the whole head, with the empty
				 * lines before it and behind it */
	unsigned     minor;	/* HTTP/1.minor: 0, or 1 for all higher ones */
	bool	     content;	/* follows; see below */
};

/* Bytes of the head, by their place: the buffer may move. */
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
	uint64_t	 length;	/* what Content-Length says */
	uint8_t		 state;		/* enum state of http_request.c */
	uint8_t		 empty_lines;
	uint8_t		 minor;
	uint8_t		 coding;	/* enum coding of http_request.c */
	uint8_t		 cause;		/* when refused */
	bool		 has_host;
	bool		 has_length;
};

enum http_read { HTTP_READ_MORE, HTTP_READ_DONE, HTTP_READ_REFUSED };

/*
 * Read on in all that has come since the connection began.  A head of more
 * than limit bytes is refused.
 *
 * Once done or refused, another call gives the same, from the buffer's present
 * place.  With a refusal, *why has only the cause, and *req what is known of
 * method, target and version, for the log and to tell HEAD.
 *
 * A request with content is not refused, because its method may be reason
 * enough (405).  Whoever serves it must refuse it (HTTP_CAUSE_CONTENT, 413)
 * unless the connection is closed after the answer: what comes behind the head
 * is no request.
 */
enum http_read http_request_read(struct http_scan *scan, struct slice in,
	    size_t limit, struct http_request *req, struct http_refusal *why);
