/*
 * protocol.h: the protocol of a run: WAMP, or that of another broker.  One
 * engine puts the same load on all of them and verifies each delivery in the
 * same way.
 *
 * A message contains the event between a constant head and a constant tail.  A
 * protocol's row has both, and a function that finds the next delivery.  To add
 * a protocol, add a file and a row.
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
	const char *scheme;	/* the beginning of its URLs */
	uint16_t    port;	/* unless the URL names one */
	enum wire   wire;	/* how its messages are framed */
	bool	    tls;	/* over TLS */

	/* Append the first message of the session with that number; a
	 * WIRE_PONG must answer.  NULL: the server sends the first message. */
	int (*greet)(struct buf *out, uint32_t session);

	/* Append a subscription to a topic, which has that number. */
	int (*subscribe)(struct buf *out, struct slice topic,
	    uint32_t number);

	/* Append a publication up to an event of size bytes. */
	int (*publish)(struct buf *out, struct slice topic, size_t size);
	struct slice publish_tail;	/* what follows the event */

	/* A message that a WIRE_PONG answers after all earlier messages have
	 * been handled; empty: a call is used. */
	struct slice ping;
	struct slice pong;	/* the answer to a WIRE_PING */

	/* Take the next message off *in, as wire_next() does.  A delivery is
	 * WIRE_TEXT, and its text is the event.  1, or 0 if the message is
	 * incomplete.  NULL: WAMP, for which wire_next() is used. */
	int (*next)(struct slice *in, struct wire_msg *m);
};

extern const struct protocol protocol_wamp_line;
extern const struct protocol protocol_mqtt;
extern const struct protocol protocol_nats;
extern const struct protocol protocol_nats_ws;
extern const struct protocol protocol_redis;

/* The protocol of a URL's scheme, or NULL. */
const struct protocol *protocol_find(const char *url);

static inline bool
protocol_is_wamp(const struct protocol *p)
{
	return p->next == NULL;
}

/* Whether it is a stream in a WebSocket, whose frames may split messages. */
static inline bool
protocol_tunnels(const struct protocol *p)
{
	return p->wire == WIRE_WS && !protocol_is_wamp(p);
}

/* Take the next message off *in, as wire_next() does. */
static inline int
protocol_next(const struct protocol *p, struct slice *in, struct wire_msg *m)
{
	return protocol_is_wamp(p) ? wire_next(p->wire, in, m) :
	    p->next(in, m);
}

/* The letters of the delivered event, or NULL if the message has none. */
static inline const char *
protocol_event(const struct protocol *p, struct slice text, size_t size)
{
	if (protocol_is_wamp(p))
		return event_find(text, '8', size, 1);
	return text.len == size && text.p[0] == '"' ? text.p + 1 : NULL;
}
