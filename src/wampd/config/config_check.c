/*
 * config_check.c: whether keys fit together.
 */
#include "wampd/config/config_parts.h"

#include <stddef.h>

const struct endpoint *
config_endpoint(const struct config *cfg, size_t i, size_t *at, size_t *index)
{
	bool own = i >= cfg->listen.n;
	const struct endpoint_list *l = own ? &cfg->http.listen : &cfg->listen;

	i -= own ? cfg->listen.n : 0;
	if (at != NULL)
		*at = own ? offsetof(struct config, http.listen) :
		    offsetof(struct config, listen);
	if (index != NULL)
		*index = i;
	return i < l->n ? &l->v[i] : NULL;
}

static bool
has_tls_address(const struct config *cfg)
{
	const struct endpoint *at;
	size_t i;

	for (i = 0; (at = config_endpoint(cfg, i, NULL, NULL)) != NULL; i++)
		if (at->tls)
			return true;
	return false;
}

/* A certificate that is not used is an error, too: whoever names one expects
 * that the clients are protected. */
void
config_check_tls(const struct config *cfg, const char *file, struct diags *d)
{
	const char *place = file != NULL ? file : CONFIG_COMMAND_LINE;
	bool tls = has_tls_address(cfg);
	bool cert = cfg->tls.cert.n > 0, key = cfg->tls.key.n > 0;
	bool client = cfg->tls.client_cert != 0 || cfg->tls.client_ca != NULL;

	if (tls && (!cert || !key))
		diag_add(d, DIAG_ERROR, place, 0, 0, "no-certificate",
		    "listen: an address with tls: needs tls.cert and tls.key");
	if (!tls && (cert || key || client || cfg->tls.hsts > 0))
		diag_add(d, DIAG_ERROR, place, 0, 0, "unused-certificate",
		    "tls: no address of listen begins with tls:");
	if (cfg->tls.principals != NULL && cfg->tls.client_cert == 0)
		diag_add(d, DIAG_ERROR, place, 0, 0, "no-certificate",
		    "tls.principals: it needs tls.client_cert: request or "
		    "require");
	if (cfg->tls.client_cert != 0 && cfg->tls.client_ca == NULL)
		diag_add(d, DIAG_ERROR, place, 0, 0, "no-certificate",
		    "tls.client_cert: it needs tls.client_ca");
}

void
config_check_user_group(const struct config *cfg, struct diags *d)
{
	const struct config_place *at;

	if (cfg->user.name != NULL || cfg->user_group == (gid_t)-1)
		return;
	at = config_where(cfg, offsetof(struct config, user_group), 0);
	diag_add(d, DIAG_ERROR, at->file, at->line, at->column,
	    "bad-value", "group: it needs user");
}
