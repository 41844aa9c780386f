/*
 * http_target.h: the target of an HTTP request (RFC 9112 section 3.2).
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct http_target {
	struct slice authority;	/* empty unless absolute; all are borrowed */
	struct slice path;	/* empty only for CONNECT */
	struct slice query;	/* without "?" */
};

/* Take a target apart, which consists of visible ASCII characters.  False: it
 * has none of the forms that the method may have. */
bool	http_target_read(struct http_target *t, struct slice method,
	    struct slice target);

/* Whether s is HOST or HOST:PORT (RFC 3986 section 3.2) without a user. */
bool	http_authority_valid(struct slice s);
