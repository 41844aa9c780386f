/*
 * assemble.h: making a broker from a configuration.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "wampd/auth/addresses.h"

struct broker;
struct children;
struct config;
struct diags;
struct uv_loop_s;

/* Make a broker that runs on that loop.  Errors of routes and handlers are
 * printed.  Closed routes are logged, and are a failure only with --strict.
 * Takes the declared handlers out of cfg.  *addresses gets the lists of
 * addresses, which calls can change; it is borrowed, and must live as long as
 * the broker.  Call addresses_clear() in any case.  NULL with *e filled. */
struct broker *assemble_start(struct config *cfg, struct children *children,
	    struct uv_loop_s *loop, struct addresses *addresses,
	    struct errbuf *e);

/* The lists of addresses of that configuration, borrowed from it. */
struct addresses_settings assemble_addresses(const struct config *cfg);

/* Log diagnostics.  The log never blocks, unlike diag_print(). */
void	assemble_log_diags(const struct diags *d);

/* Check the routes and handlers, by making a broker and freeing it.  All errors
 * go to *d, and, if lint is set, also what is probably a mistake.  Nothing is
 * opened.  Takes the declared handlers out of cfg. */
void	assemble_check(struct config *cfg, bool lint, struct diags *d);
