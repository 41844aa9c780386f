/*
 * probe.h: an event that goes to the broker and must come back.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "client/client.h"

struct probe {
	struct buf  topic;	/* owned; JSON */
	struct buf  event;	/* owned; JSON, and unlike others */
	bool	    back;
	bool	    refused;
	struct errbuf why;	/* if refused */
};

/* For client_events; arg is the probe. */
void	probe_on_event(void *arg, const struct wamp_msg *m);
void	probe_on_refused(void *arg, const struct wamp_msg *m);

/* Subscribe to the topic, publish there, and wait for the event.  *seconds is
 * how long that took.  EXIT_REFUSED: the broker did not allow it. */
enum exit_status probe_run(struct probe *p, struct client *c,
	    const char *topic, double *seconds, struct errbuf *e);
void	probe_clear(struct probe *p);
