/*
 * door.c: what the configuration as a whole says about who may connect.
 */
#include "wampd/config/door.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "route/declare.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

/* The keys, and the sections with a stop, that say who may connect.  Whoever
 * sets one of them does not just try the broker out. */
static const char *const door_keys[] = {
	"hosts", "origins", "application_url", "blocked_ips", "allowed_ips",
	"trusted_proxies", "anonymous", NULL
};

/* The same, by which somebody can prove who he is. */
static const char *const proof_keys[] = {
	"tickets.", "cookie.", "cra.", "tls.principals", NULL
};

static bool
is_one_of(const char *const *names, const char *key)
{
	size_t len;

	for (; *names != NULL; names++) {
		len = strlen(*names);
		if ((*names)[len - 1] == '.' ?
		    strncmp(key, *names, len) == 0 : strcmp(key, *names) == 0)
			return true;
	}
	return false;
}

/* Whether one of them is set. */
static bool
has_key(const struct config *cfg, const char *const *names)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (cfg->values[i].text.n > 0 &&
		    is_one_of(names, keys[i].name))
			return true;
	return false;
}

/*
 * A proxy on this machine makes every browser a peer of this machine.  So where
 * anything is configured that sites have, an address gives no right.  Routes
 * that are given without a configuration file, which could declare handlers,
 * are tried out.
 */
void
config_find_door(struct config *cfg)
{
	cfg->door.proofs = has_key(cfg, proof_keys);
	cfg->door.try_out = !cfg->door.proofs && !has_key(cfg, door_keys) &&
	    (cfg->tried_out || cfg->routes.n == 0);
	cfg->door.by_address = cfg->door.try_out || cfg->door.trust_loopback;
}

static bool
grants(const struct declare_right *right, enum declare_who who)
{
	size_t i;

	for (i = 0; i < right->n_grants; i++)
		if (right->grants[i].who == who)
			return true;
	return false;
}

/* Whether back ends may publish somewhere. */
static bool
has_back_ends(const struct config *cfg)
{
	size_t i;

	if (cfg->routes.n == 0 || cfg->declared == NULL)
		return false;
	for (i = 0; i < declare_count(cfg->declared); i++)
		if (grants(&declare_at(cfg->declared, i)->
		    rights[DECLARE_PUBLISH], DECLARE_BACKEND))
			return true;
	return false;
}

/* Oro's secret is in a file or, for a service of old, in the environment. */
bool
config_has_oro_secret(const struct config *cfg)
{
	const char *secret = getenv("ORO_SECRET");

	return cfg->tickets.oro.secret_file != NULL ||
	    (secret != NULL && secret[0] != '\0');
}

/* Whether the file sets one of them to something else than its default. */
static bool
is_changed(const struct config *cfg, const char *const *names)
{
	const struct config_value *v = cfg->values;
	size_t i;

	for (i = 0; i < nkeys; i++, v++)
		if (is_one_of(names, keys[i].name) && v->text.n > 0 &&
		    v->at[0].line > 0 && (keys[i].value == NULL ||
		    strcmp(v->text.v[v->text.n - 1], keys[i].value) != 0))
			return true;
	return false;
}

/* Whether WebSocket clients must prove who they are, and none can. */
static bool
keeps_all_out(const struct config *cfg)
{
	static const char *const ways[] = { "tickets.oro.secret_file",
	    "tickets.paseto.keys", "tickets.jwt.keys", "cookie.name",
	    "cra.keys", "tls.principals", NULL };
	static const char *const wanted[] = { "tickets.", "cookie.", NULL };

	if (has_key(cfg, ways) || config_has_oro_secret(cfg))
		return false;
	return cfg->auth.anonymous == ANONYMOUS_NO ||
	    (cfg->auth.anonymous == ANONYMOUS_AUTO &&
	    is_changed(cfg, wanted));
}

const char *
config_door_warning(const struct config *cfg)
{
	static const char *const users[] = { "tickets.oro.users",
	    "tickets.oro.command", NULL };

	if (keeps_all_out(cfg))
		return "no WebSocket client can connect, because none can "
		    "prove who it is: set tickets.oro.secret_file, another "
		    "key of tickets, cookie, cra or tls, or anonymous";
	if (has_back_ends(cfg) && !cfg->door.by_address &&
	    !cfg->door.proofs && !config_has_oro_secret(cfg))
		return "only the tools on this machine can publish, because "
		    "no back end can prove what it is: set "
		    "tickets.oro.secret_file";
	if (cfg->tickets.oro.secret_file != NULL && !has_key(cfg, users))
		return "the pages of users cannot connect, because their "
		    "tickets cannot be checked: set tickets.oro.users or "
		    "tickets.oro.command";
	return NULL;
}

void
config_check_door(const struct config *cfg, struct diags *d)
{
	const char *text = config_door_warning(cfg);
	size_t i;

	for (i = 0; text != NULL && i < nkeys; i++)
		if (cfg->values[i].text.n > 0 &&
		    cfg->values[i].at[0].line > 0) {
			diag_add(d, DIAG_WARNING, cfg->values[i].at[0].file,
			    0, 0, "kept-out", "%s", text);
			return;
		}
}

static void
report(const struct handler_decl *h, const struct declare_grant *g,
    struct diags *d)
{
	diag_add(d, DIAG_ERROR, h->file, g->at.line, g->at.column, "loopback",
	    "\"loopback\" gives no right here, because browsers that come "
	    "through a proxy on this machine would have it: write \"backend\" "
	    "and set tickets.oro.secret_file, or, if no proxy runs on this "
	    "machine, set \"trust_loopback: yes\"");
}

void
config_check_loopback(const struct config *cfg, struct diags *d)
{
	const struct handler_decl *h;
	const struct declare_right *right;
	size_t i, j;
	int action;

	if (cfg->door.by_address || cfg->declared == NULL)
		return;
	for (i = 0; i < declare_count(cfg->declared); i++) {
		h = declare_at(cfg->declared, i);
		for (action = 0; action < DECLARE_ACTIONS; action++) {
			right = &h->rights[action];
			for (j = 0; j < right->n_grants; j++)
				if (right->grants[j].who == DECLARE_LOOPBACK)
					report(h, &right->grants[j], d);
		}
	}
}
