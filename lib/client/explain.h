/*
 * explain.h: errors of a server, for people.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"
#include "proto/wamp1.h"

/* Explain a message that is not WAMP. handshake: it is the first message.  Oro
 * rejects a ticket after the handshake, by an HTTP answer in a message. */
bool	explain_unreadable(struct errbuf *e, struct slice text,
	    const struct wamp1_error *we);
