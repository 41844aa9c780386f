/*
 * http_head.h: the head of an HTTP/1 answer (RFC 9112): a status line,
 * headers, and an empty line.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct http_status {
	struct slice line;	/* the first line, without its end */
	unsigned     minor;	/* of the version, HTTP/1.minor; 0 */
	unsigned     code;	/* 0: the line has none */
};

/* Read the first line of an answer, which may be incomplete otherwise.  Whether
 * it is HTTP/1; if not, only the line is filled. */
bool	http_status_read(struct http_status *st, struct slice text);

/* Whether a whole head is at the beginning of *in; *in moves after it. */
bool	http_head_cut(struct slice *head, struct slice *in);
