/*
 * server.h: the loop that joins transports and broker.
 */
#pragma once

#include "base/err.h"

struct config;

/* Open everything, serve until SIGTERM or SIGINT, close everything.  Takes the
 * declared handlers out of cfg.  0, or -1 with *e filled when it could not
 * start. */
int	server_run(struct config *cfg, struct errbuf *e);
