/*
 * core_fake.h: what the core is handed in, without any other folder of
 * src/wampd: a transport that records, and a protocol of plain lines.
 *
 * A message is the name of a topic, to be subscribed.  An event comes as
 * "topic event".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wampd/core/settings.h"

struct broker;
struct session;

struct core_peer {
	struct session *session;	/* NULL once closed */
	struct buf	out;
	bool		paused;
	uint16_t	code;		/* of the close, */
	const char     *reason;		/* and why; static */
};

/* Open a session of a local peer. */
void	core_peer_open(struct core_peer *p, struct broker *b);

/* Begin a pending one; whether it was let in. */
bool	core_peer_begin(struct core_peer *p, struct broker *b,
	    int64_t max_wait);

/* Whether it has got that since the last time. */
bool	core_peer_got(struct core_peer *p, const char *part);

/* What wampd has by default, in small. */
struct broker_settings core_settings(void);
