/*
 * session_cookie.h: the method that identifies visitors by the cookie of their
 * session with the application.
 *
 * A program of the application tells whose session it is.  A cookie of no
 * session is nothing wrong: browsers keep cookies longer than applications keep
 * sessions.  Its visitor has not proved anything.
 */
#pragma once

#include "wampd/auth/identify.h"
#include "wampd/auth/lookup.h"

struct session_cookie {
	const char	      *name;	/* of the cookie; borrowed */
	struct lookup	      *lookup;	/* borrowed */
	const struct identify *identify; /* borrowed */
	size_t		       jobs;	/* visitors whose sessions are looked
					 * up */
};

/* As identify_method.begin(), of a struct session_cookie. */
enum identified session_cookie_begin(void *cookie, const struct visitor *v,
	    struct identity_ask *ask, const struct principal **out,
	    struct identity_refusal *why);
