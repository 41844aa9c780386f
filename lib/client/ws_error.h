/*
 * ws_error.h: why no WebSocket came about, in words that a user can act on.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct ws_url;

struct ws_failure {
	struct slice text;	/* libwebsockets' own */
	unsigned     code;	/* HTTP status; 0: there was no answer */
	const char  *status;	/* "403 Forbidden"; "": likewise */
	const char  *location;	/* of a redirection; "": none */
	const struct errbuf *certificate; /* not "": what is wrong with it */
	const struct ws_url *url;
};

/* Whether the same may work in a while. */
bool	ws_error_explain(struct errbuf *e, const struct ws_failure *f);

/* Where libwebsockets said nothing, or not why: it does not keep errno.  This
 * asks once more, by a lookup of the name and a connect().  text is what it
 * said, or empty. */
bool	ws_error_explain_name(struct errbuf *e, const struct ws_url *url,
	    struct slice text);
