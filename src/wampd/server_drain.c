/*
 * server_drain.c: how the broker's process comes to its end.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/turn.h"
#include "wampd/notify.h"
#include "wampd/server_parts.h"

#define STOP_GRACE	2000	/* ms to write the queues before the end */
#define SPARE_MS	10000	/* that the end may take beyond the spread */

void
server_stop(struct server *s)
{
	s->stopping = true;
	notify_send("STOPPING=1");
	server_stop_listening(s);
	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	turn_stop(s->broker, STOP_GRACE);
}

/* The service manager may be waiting for our end.  That we are stopping is only
 * said at the end, because a drain can be cancelled. */
static void
tell_manager(const struct drain *d)
{
	char text[128];

	if (!d->on) {
		notify_send("STATUS=");
		return;
	}
	(void)snprintf(text, sizeof(text), "EXTEND_TIMEOUT_USEC=%" PRId64
	    "\nSTATUS=Draining %zu sessions", (d->spread + SPARE_MS) * 1000,
	    d->left);
	notify_send(text);
}

void
server_begin_drain(struct server *s)
{
	struct broker *b = s->broker;

	broker_set_now(b, (int64_t)uv_now(&s->loop));
	drain_begin(b, b->set.drain_spread, false);
}

void
server_follow_drain(struct server *s)
{
	const struct drain *d = &s->broker->drain;

	if (s->drained != (d->on ? d->began : -1)) {
		s->drained = d->on ? d->began : -1;
		listeners_rest(&s->listeners, d->on);
		tell_manager(d);
	}
	if (d->on && d->over && !s->stopping)
		server_stop(s);
}
