/*
 * assemble.c: making a broker from a configuration.
 */
#include "wampd/assemble.h"

#include <stdio.h>

#include "base/log.h"
#include "route/declare.h"
#include "route/diag.h"
#include "route/lint.h"
#include "route/table.h"
#include "wampd/auth/cra_keys.h"
#include "wampd/auth/addresses.h"
#include "wampd/auth/block_calls.h"
#include "wampd/auth/blocks.h"
#include "wampd/config/config.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/types.h"
#include "wampd/join.h"
#include "wampd/process/child.h"
#include "wampd/server_loop.h"

struct addresses_settings
assemble_addresses(const struct config *cfg)
{
	return (struct addresses_settings){
		.blocked = &cfg->addresses.blocked,
		.allowed = &cfg->addresses.allowed,
		.proxies = &cfg->addresses.proxies,
	};
}

/* Read the lists of addresses, and let them be changed by calls.  0, or -1 with
 * *e filled. */
static int
add_addresses(struct broker *b, const struct config *cfg,
    struct addresses *addresses, struct errbuf *e)
{
	const struct addresses_settings set = assemble_addresses(cfg);
	struct blocks *blocks;

	if (addresses_init(addresses, &set, e) == -1 ||
	    (blocks = blocks_add(b, addresses, e)) == NULL)
		return -1;
	err_set(e, "out of memory");
	return block_calls_add(blocks);
}

static struct broker *
add_parts(struct broker *b, const struct config *cfg,
    struct addresses *addresses, struct errbuf *e)
{
	if (b == NULL || add_addresses(b, cfg, addresses, e) == 0)
		return b;
	broker_free(b);
	return NULL;
}

/* Make it.  Errors of routes and handlers go to parts->first.diags.  NULL with
 * *e filled. */
static struct broker *
assemble(struct config *cfg, struct broker_parts *parts, unsigned how,
    struct addresses *addresses, struct errbuf *e)
{
	struct diags *d = parts->first.diags;
	size_t before = d->errors;

	parts->types = handler_types;
	if (cfg->routes.n > 0 &&
	    (parts->first.routes = config_load_routes(cfg, how, d)) == NULL) {
		err_set(e, "the routing files have %zu error%s",
		    d->errors - before, d->errors - before == 1 ? "" : "s");
		return NULL;
	}
	/* Without a configuration file, nothing could declare a handler, and
	 * all topics are open.  With one, undeclared handlers are closed. */
	if (!cfg->tried_out)
		parts->first.declared = config_take_declared(cfg);
	parts->first.source = config_hold(cfg);
	parts->first.source_free = config_release;
	if (cfg->tried_out || parts->first.declared != NULL)
		return add_parts(join_broker(&cfg->broker, parts, e), cfg,
		    addresses, e);
	err_set(e, "out of memory");
	generation_parts_clear(&parts->first);
	return NULL;
}

void
assemble_check(struct config *cfg, bool lint, struct diags *d)
{
	struct addresses addresses = { .unix_proxy = false };
	struct broker_parts parts = { .first.diags = d };
	size_t before = d->errors;
	struct errbuf e;
	struct broker *b = assemble(cfg, &parts, ROUTES_PARTIAL, &addresses,
	    &e);

	if (b == NULL && d->errors == before)
		diag_add(d, DIAG_ERROR, "wampd", 0, 0, "cannot-start", "%s",
		    e.msg);
	if (lint && b != NULL && generation_count_routes(b->generation) > 0)
		routes_lint(b->generation->routes, d);
	if (cfg->cra.keys != NULL)
		cra_keys_free(cra_keys_load(cfg->cra.keys, d));
	broker_free(b);
	addresses_clear(&addresses);
}

void
assemble_log_diags(const struct diags *d)
{
	struct buf line = { 0 };
	size_t i;

	for (i = 0; i < d->n; i++) {
		buf_reset(&line);
		if (diag_write(&line, &d->v[i]) == -1 ||
		    buf_cstr(&line) == NULL)
			break;
		log_at(d->v[i].level == DIAG_ERROR ? LOG_LEVEL_ERR :
		    LOG_LEVEL_WARN, "%s", line.data);
	}
	buf_clear(&line);
}

/* Log what is wrong at the start. */
static void
log_diags(const struct diags *d, size_t closed)
{
	assemble_log_diags(d);
	if (closed > 0)
		log_err("routes=%zu closed: no handler is declared for them",
		    closed);
}

struct broker *
assemble_start(struct config *cfg, struct children *children,
    struct uv_loop_s *loop, struct addresses *addresses, struct errbuf *e)
{
	struct diags d = { 0 };
	struct broker_parts parts = { .children = &child_ops,
	    .children_ctx = children, .loop = &server_loop_ops,
	    .loop_ctx = loop, .first.diags = &d };
	struct broker *b = assemble(cfg, &parts, 0, addresses, e);

	if (b != NULL && d.errors > 0 && cfg->strict) {
		err_set(e, "--strict: the configuration has %zu error%s",
		    d.errors, d.errors == 1 ? "" : "s");
		broker_free(b);
		b = NULL;
	}
	if (b != NULL)
		log_diags(&d, d.errors);
	else
		diag_print(&d, stderr);
	diag_clear(&d);
	return b;
}
