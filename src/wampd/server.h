/*
 * server.h: running the broker and its transports on a loop.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct config;
struct config_source;
struct given;

/* How the process came to run. */
struct server_origin {
	bool	takeover;	/* it replaces the wampd that runs */
	bool	first_process;	/* of a container, see init.h */
	struct given *given;	/* borrowed; by the service manager; NULL:
				 * none */
	int	ready;		/* descriptor to write to and close once it
				 * serves; -1: none */
};

/* Open everything, serve until a signal stops it, and close everything.  Takes
 * the declared handlers out of cfg.  cfg was read from `from`, which is read
 * again for each reload; NULL: it cannot be reloaded.  0, or -1 with *e filled
 * if it could not start. */
int	server_run(struct config *cfg, const struct config_source *from,
	    const struct server_origin *origin, struct errbuf *e);
