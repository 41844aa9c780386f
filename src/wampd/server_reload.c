/*
 * server_reload.c: the parts of the server that a reload changes.
 */
#include <stddef.h>
#include <stdlib.h>

#include "base/log.h"
#include "route/diag.h"
#include "wampd/assemble.h"
#include "wampd/auth/auth.h"
#include "wampd/auth/blocks.h"
#include "wampd/check.h"
#include "wampd/config/config.h"
#include "wampd/confine.h"
#include "wampd/core/broker.h"
#include "wampd/descriptor_limit.h"
#include "wampd/identity.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws.h"
#include "wampd/reload_part.h"
#include "wampd/server_parts.h"

static void
report(const struct config *cfg, struct diags *d, size_t key,
    const struct errbuf *e)
{
	const struct config_place *at = config_where(cfg, key, 0);

	diag_add(d, DIAG_ERROR, at->file, at->line, at->column, "bad-value",
	    "%s", e->msg);
}

/* ---- descriptors ---- */

/* There is nothing to check: a limit of the system that is lower stays. */
static void *
descriptors_prepare(const struct server *s, struct config *cfg,
    struct diags *d)
{
	(void)s;
	(void)cfg;
	(void)d;
	return NULL;
}

static void
descriptors_commit(struct server *s, void *prepared)
{
	(void)prepared;
	descriptor_limit_set(s->broker->set.limit_sessions);
}

static void
descriptors_discard(void *prepared)
{
	(void)prepared;
}

/* ---- addresses that may connect ---- */

static void
addresses_discard(void *prepared)
{
	addresses_clear(prepared);
	free(prepared);
}

static void *
addresses_prepare(const struct server *s, struct config *cfg,
    struct diags *d)
{
	const struct addresses_settings set = assemble_addresses(cfg);
	struct addresses *fresh = calloc(1, sizeof(*fresh));
	struct errbuf e;

	(void)s;
	err_set(&e, "out of memory");
	if (fresh != NULL && addresses_init(fresh, &set, &e) == 0)
		return fresh;
	report(cfg, d, offsetof(struct config, addresses.blocked), &e);
	if (fresh != NULL)
		addresses_discard(fresh);
	return NULL;
}

/* Sessions from where nobody may connect any more are closed. */
static void
addresses_commit(struct server *s, void *prepared)
{
	blocks_renew(s->addresses.blocks, prepared);
	addresses_discard(prepared);
}

/* ---- who clients are ---- */

static void *
identity_part_prepare(const struct server *s, struct config *cfg,
    struct diags *d)
{
	check_programs(cfg, d);
	return identity_prepare(cfg, s->broker, d);
}

static void
identity_part_commit(struct server *s, void *prepared)
{
	struct errbuf e;

	if (auth_renew(s->auth, prepared, &e) == -1)
		log_err("%s", e.msg);
	confine_secrets(s->broker->generation->source);
}

static void
identity_part_discard(void *prepared)
{
	auth_discard(prepared);
}

/* ---- WebSocket clients ---- */

static void *
clients_prepare(const struct server *s, struct config *cfg, struct diags *d)
{
	struct ws_settings set = server_ws_settings(s, cfg);
	struct ws_rules *rules;
	struct errbuf e;

	set.source = config_hold(cfg);
	set.source_free = config_release;
	rules = ws_prepare(s->ws, &set, &e);
	if (rules == NULL)
		report(cfg, d, offsetof(struct config, ws.paths), &e);
	return rules;
}

static void
clients_commit(struct server *s, void *prepared)
{
	ws_commit(s->ws, prepared);
}

static void
clients_discard(void *prepared)
{
	ws_discard(prepared);
}

/* ---- certificates ---- */

/* Whether an address has TLS needs a restart to change. */
static void *
certificates_prepare(const struct server *s, struct config *cfg,
    struct diags *d)
{
	return s->tls != NULL ? check_tls_prepare(s->tls, cfg, d) : NULL;
}

static void
certificates_commit(struct server *s, void *prepared)
{
	if (prepared != NULL)
		tls_commit(s->tls, prepared);
}

static void
certificates_discard(void *prepared)
{
	tls_discard(prepared);
}

/* ---- all ---- */

const struct reload_part reload_parts[] = {
	{ "descriptors", descriptors_prepare, descriptors_commit,
	  descriptors_discard },
	{ "addresses", addresses_prepare, addresses_commit,
	  addresses_discard },
	{ "identity", identity_part_prepare, identity_part_commit,
	  identity_part_discard },
	{ "clients", clients_prepare, clients_commit, clients_discard },
	{ "certificates", certificates_prepare, certificates_commit,
	  certificates_discard },
	{ .name = NULL }
};
