/*
 * server.h: running the broker and its transports on a loop.
 */
#pragma once

#include "base/err.h"

struct config;

/* Open everything, serve until a signal stops it, and close everything.  Takes
 * the declared handlers out of cfg.  0, or -1 with *e filled if it could not
 * start. */
int	server_run(struct config *cfg, struct errbuf *e);
