/*
 * dispatch.h: what a session's messages do (WAMP v1, server side).
 *
 * One inbound message, one on_* function: check, permit, act, reply.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct session;

#define URI_MAX	8192	/* bytes of an expanded topic, procedure or prefix */

/* Handle one message of an open session. */
void	dispatch_message(struct session *s, struct slice text);

/* The peer broke the protocol: log it once, without its payload, and close
 * with that code, or go on when the configuration says `ignore`.  On the
 * control socket the peer is told why.  what is static. */
void	dispatch_violation(struct session *s, uint16_t code,
	    const char *what, size_t offset);
