/*
 * http_accept.h: which type of content a client prefers (RFC 9110 section
 * 12.5.1).
 */
#pragma once

#include "base/slice.h"

/* What a type of content is in Accept, for http_accept(). */
struct http_media {
	const char *type;	/* "text/plain", in small letters */
	const char *name;	/* a parameter that tells versions apart, in
				 * small letters; NULL: there is none */
	const char *value;	/* the one that we have */
};

#define HTTP_ACCEPT_MOST	1000	/* a quality of 1 */

/*
 * How much the client wants that type, from 0 (not at all) to
 * HTTP_ACCEPT_MOST.  The most specific range of the list counts, and of equal
 * ones the first.  A range with another value of the parameter does not mean
 * our type; nor does one with the parameter mean it less.  Without Accept, all
 * is welcome.  A malformed element is skipped.
 */
unsigned http_accept(struct slice fields, const struct http_media *m);
