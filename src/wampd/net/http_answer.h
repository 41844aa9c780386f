/*
 * http_answer.h: the head of an answer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/buf.h"
#include "wampd/net/http_request.h"

struct http_answer {
	unsigned    status;	/* 200 or 503 */
	const char *type;	/* static; of the content */
	size_t	    length;	/* bytes of the content */
	time_t	    date;	/* 0: not said */
	const char *extra;	/* borrowed; more lines of fields, each with
				 * CR LF; or NULL */
	bool	    keep;	/* another request may follow */
};

/* Append the field Date, unless when is 0.  0, or -1 when out of memory. */
int	http_date_write(time_t when, struct buf *out);

/* Whether the client lets the connection serve another request (RFC 9112
 * section 9.3).  HTTP/1.0 never does here. */
bool	http_keeps(const struct http_request *req);

/* Append the head.  It says that the answer must not be stored, because it is
 * of now.  0, or -1 when out of memory: then a part of it may be there. */
int	http_answer_write(const struct http_answer *a, struct buf *out);
