/*
 * assemble.h: a broker is made of a configuration.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct broker;
struct children;
struct config;
struct diags;
struct uv_loop_s;

/* Make the broker to be run on that loop.  What is wrong is printed; closed
 * routes are named in the log, and are a failure with --strict only.  Takes
 * the declared handlers out of cfg.  NULL with *e filled. */
struct broker *assemble_start(struct config *cfg, struct children *children,
	    struct uv_loop_s *loop, struct errbuf *e);

/* Make it as far as that is possible, and free it: whatever is wrong with
 * routes and handlers goes to *d, and if lint what is hardly meant.  Nothing is
 * opened.  Takes the declared handlers, too. */
void	assemble_check(struct config *cfg, bool lint, struct diags *d);
