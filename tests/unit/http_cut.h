/*
 * http_cut.h: the head of an HTTP request, whole and in pieces.
 */
#pragma once

#include "base/buf.h"
#include "wampd/net/http_request.h"

/* Append what became of a head that is done or refused: a line to compare
 * with, and more lines that must not depend on how the head was cut. */
typedef void http_cut_fn(struct buf *out, enum http_read read,
	    const struct http_request *req, const struct http_refusal *why);

/* Check that the first line is `want`, "more" if the head is not complete; that
 * the head cut in two anywhere, and byte by byte, gives the same; and that no
 * byte less would have been enough. */
void	http_cut_check(const char *name, struct slice in, size_t limit,
	    const char *want, http_cut_fn *describe);
