/*
 * identity.c: how clients can prove who they are, by the configuration.
 */
#include "wampd/identity.h"

#include <stdlib.h>

#include "route/diag.h"
#include "wampd/auth/auth.h"
#include "wampd/auth/users.h"
#include "wampd/config/config.h"
#include "wampd/core/principal.h"

enum anonymous { ANONYMOUS_AUTO, ANONYMOUS_NO, ANONYMOUS_YES };

static struct oro_settings
oro_settings_of(const struct config *cfg)
{
	struct oro_settings set = {
		.secret_file = cfg->tickets.oro.secret_file,
		.users = cfg->tickets.oro.users,
		.ttl = cfg->tickets.oro.ttl,
		.tolerance = cfg->tickets.oro.tolerance,
		.queue = cfg->tickets.oro.queue,
		.once = cfg->tickets.oro.once,
		.anonymous = cfg->tickets.oro.anonymous,
		.backends = &cfg->tickets.oro.backends,
	};
	const char *secret = getenv("ORO_SECRET");

	if (set.secret_file == NULL && secret != NULL && secret[0] != '\0')
		set.secret = secret;
	return set;
}

static bool
has_secret(const struct oro_settings *set)
{
	return set->secret_file != NULL || set->secret != NULL;
}

/* A variable of the environment alone does not keep anybody out: it may be
 * there for the tools. */
static bool
allows_anonymous(const struct config *cfg)
{
	if (cfg->auth.anonymous != ANONYMOUS_AUTO)
		return cfg->auth.anonymous == ANONYMOUS_YES;
	return !config_sets(cfg, "tickets.") && !config_sets(cfg, "cookie.") &&
	    cfg->cra.keys == NULL;
}

static int
check_use(const struct config *cfg, const struct oro_settings *set,
    struct errbuf *e)
{
	if (has_secret(set) || !config_sets(cfg, "tickets.oro."))
		return 0;
	err_set(e, "tickets.oro.secret_file: other keys of tickets.oro need "
	    "it");
	return -1;
}

struct auth *
identity_new(const struct config *cfg, struct broker *b, struct errbuf *e)
{
	const struct auth_settings set = {
		.anonymous = allows_anonymous(cfg),
		.login = cfg->cra.keys != NULL,
		.session_ttl = cfg->tickets.session_ttl,
		.ticket_cookie = cfg->tickets.cookie,
		.oro = oro_settings_of(cfg),
	};

	return check_use(cfg, &set.oro, e) == 0 ? auth_new(&set, b, e) : NULL;
}

int
identity_check_secret(const struct config *cfg, struct errbuf *e)
{
	const struct oro_settings set = oro_settings_of(cfg);
	struct secret s = { NULL, 0 };
	int rc;

	if (check_use(cfg, &set, e) == -1)
		return -1;
	if (!has_secret(&set))
		return 0;
	if ((rc = oro_read_secret(&s, &set, e)) == -1)
		err_wrap(e, set.secret_file != NULL ?
		    "tickets.oro.secret_file" : "ORO_SECRET");
	secret_clear(&s);
	return rc;
}

void
identity_check_users(const struct config *cfg, struct diags *d)
{
	struct users all;

	if (cfg->tickets.oro.users == NULL)
		return;
	if (users_load(&all, cfg->tickets.oro.users, ORO_USER_SETS, d) == 0)
		users_clear(&all);
}
