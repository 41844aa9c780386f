/*
 * protocol.h: how a run talks to its server: WAMP, or the protocol of another
 * broker, so that one engine puts the same load on all and verifies each
 * delivery in the same way.
 *
 * An event stands in its message as it is, between a head and a tail that do
 * not change: the row says what these are, and finds the next delivery in
 * what comes back.  Another protocol is one file and one row.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "bench/event.h"
#include "bench/wire.h"

/* Functions that append return 0, or -1 when out of memory. */
struct protocol {
	const char *scheme;	/* what its URLs start with */
	uint16_t    port;	/* unless the URL names one */
	enum wire   wire;	/* how its messages are framed */
	bool	    tls;	/* under all that */

	/* NULL: the server speaks first.  Else append what the session of
	 * that number says first; a WIRE_PONG must answer. */
	int (*greet)(struct buf *out, uint32_t session);

	/* Append a subscription to the topic of that number in the run. */
	int (*subscribe)(struct buf *out, struct slice topic,
	    uint32_t number);

	/* Append a publication up to an event of size bytes. */
	int (*publish)(struct buf *out, struct slice topic, size_t size);
	struct slice publish_tail;	/* what follows the event */

	/* What a WIRE_PONG answers when all before is done; none: a call. */
	struct slice ping;
	struct slice pong;	/* what a WIRE_PING wants to hear */

	/* Take the next message off *in, as wire_next() does: a delivery is
	 * WIRE_TEXT, and its text the event.  1, or 0 when it is not all
	 * there.  NULL: it is WAMP, whose messages wire_next() finds. */
	int (*next)(struct slice *in, struct wire_msg *m);
};

extern const struct protocol protocol_wamp_line;
extern const struct protocol protocol_mqtt;
extern const struct protocol protocol_nats;
extern const struct protocol protocol_nats_ws;
extern const struct protocol protocol_redis;

/* The protocol that a URL's scheme names, or NULL. */
const struct protocol *protocol_find(const char *url);

static inline bool
protocol_is_wamp(const struct protocol *p)
{
	return p->next == NULL;
}

/* Whether it is a stream in a WebSocket, whose frames may cut messages. */
static inline bool
protocol_tunnels(const struct protocol *p)
{
	return p->wire == WIRE_WS && !protocol_is_wamp(p);
}

/* Take the next message off *in; as wire_next(). */
static inline int
protocol_next(const struct protocol *p, struct slice *in, struct wire_msg *m)
{
	return protocol_is_wamp(p) ? wire_next(p->wire, in, m) :
	    p->next(in, m);
}

/* The letters of the event that is delivered, or NULL when it is none. */
static inline const char *
protocol_event(const struct protocol *p, struct slice text, size_t size)
{
	if (protocol_is_wamp(p))
		return event_find(text, '8', size, 1);
	return text.len == size && text.p[0] == '"' ? text.p + 1 : NULL;
}
