/*
 * ws_error.h: why a WebSocket could not be opened, in words that a user can act
 * on.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct ws_url;

struct ws_failure {
	struct slice text;	/* the text of libwebsockets */
	unsigned     code;	/* HTTP status; 0: there was no answer */
	const char  *status;	/* "403 Forbidden"; "": likewise */
	const char  *location;	/* of a redirection; "": none */
	const struct errbuf *certificate; /* not "": why it is not accepted */
	const struct ws_url *url;
};

/* Whether another attempt may succeed later. */
bool	ws_error_explain(struct errbuf *e, const struct ws_failure *f);

/* For failures about which libwebsockets says nothing or too little, because it
 * does not keep errno.  Look the name up and connect once more. text is what it
 * said, or empty. */
bool	ws_error_explain_name(struct errbuf *e, const struct ws_url *url,
	    struct slice text);
