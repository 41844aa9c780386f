/*
 * server.h: running the broker and its transports on a loop.
 */
#pragma once

#include "base/err.h"

struct config;
struct config_source;

/* Open everything, serve until a signal stops it, and close everything.  Takes
 * the declared handlers out of cfg.  cfg was read from `from`, which is read
 * again for each reload; NULL: it cannot be reloaded.  0, or -1 with *e filled
 * if it could not start. */
int	server_run(struct config *cfg, const struct config_source *from,
	    struct errbuf *e);
