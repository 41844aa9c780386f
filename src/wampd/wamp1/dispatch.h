/*
 * dispatch.h: what a session's messages do (WAMP v1, server side).
 *
 * One inbound message, one on_* function: check, permit, act, reply.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "wampd/core/publish.h"

struct errbuf;
struct session;
struct topic;

/* Handle one message of an open session. */
void	dispatch_message(struct session *s, struct slice text);

/* May s have one subscription more?  0, or -1 with *e filled. */
int	dispatch_room(const struct session *s, struct errbuf *e);

/* A SUBSCRIBE was granted: s hears of t from now on. */
void	dispatch_join(struct session *s, struct topic *t);

/*
 * A SUBSCRIBE or PUBLISH ("publish", for the log) that is not granted.  WAMP
 * v1 has no reply for it: the log says so (a session's first refusal as a
 * warning, so that a flood of them is no flood of warnings), the control
 * socket's peer is told, and the configuration decides about a WebSocket peer
 * that has no route.
 */
void	dispatch_refuse(struct session *s, const struct topic *t,
	    const char *verb, enum publish_outcome outcome,
	    const struct errbuf *e);

/* The same of a SUBSCRIBE, which the next barrier tells of, too. */
void	dispatch_refuse_subscribe(struct session *s, const struct topic *t,
	    enum publish_outcome outcome, const struct errbuf *e);

/* The peer broke the protocol: log it once, without its payload, and close
 * with that code, or go on when the configuration says `ignore`.  On the
 * control socket the peer is told why.  what is static. */
void	dispatch_violation(struct session *s, uint16_t code,
	    const char *what, size_t offset);
