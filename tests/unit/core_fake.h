/*
 * core_fake.h: a transport and a protocol for tests of the core alone.
 *
 * The transport records what is written.  In the protocol, a message is the
 * name of a topic to subscribe to, and an event is sent as "topic event".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/generation.h"
#include "wampd/core/settings.h"

struct broker;
struct broker_parts;
struct session;

struct core_peer {
	struct session *session;	/* NULL once closed */
	struct buf	out;		/* what was written; the test frees
					 * it */
	bool		paused;		/* not read from */
	uint16_t	code;		/* of the close */
	const char     *reason;		/* of the close; static */
};

/* Open a session of a local peer. */
void	core_peer_open(struct core_peer *p, struct broker *b);

/* The same with a WebSocket, which may take compressed messages. */
void	core_peer_open_ws(struct core_peer *p, struct broker *b,
	    bool compressed);

/* Make a pending session.  Returns whether the broker accepts it. */
bool	core_peer_begin(struct core_peer *p, struct broker *b,
	    int64_t max_wait);

/* Whether this part was written to the peer since the last call. */
bool	core_peer_got(struct core_peer *p, const char *part);

/* Settings as wampd's, with smaller limits. */
struct broker_settings core_settings(void);

/* The parts of a generation with the routes of a routing file, and the handlers
 * of a wampd.yml, which must have no faults.  *d is borrowed. */
struct generation_parts core_parts(struct slice routes, struct slice handlers,
	    struct diags *d);

/* A broker of these parts, which it takes, at time 0.  Only errors are
 * logged. */
struct broker *core_broker(const struct broker_settings *set,
	    struct broker_parts *parts);
