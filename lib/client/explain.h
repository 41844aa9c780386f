/*
 * explain.h: errors of a server as people read them.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"
#include "proto/wamp1.h"

/* What a message that is no WAMP means.  Whether it is the answer to the
 * handshake: Oro tells of a ticket that it does not accept when that is done,
 * by an answer of HTTP as a message. */
bool	explain_unreadable(struct errbuf *e, struct slice text,
	    const struct wamp1_error *we);
