/*
 * identity.c: how clients can prove who they are, by the configuration.
 */
#include "wampd/identity.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "route/diag.h"
#include "wampd/auth/auth.h"
#include "wampd/auth/certificate.h"
#include "wampd/auth/users.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/config/key.h"
#include "wampd/core/principal.h"

/* Of a key that is stored at that offset. */
static struct lookup_settings
lookup_settings_of(const struct config *cfg, size_t at,
    const struct config_lookup *l)
{
	struct lookup_settings set = {
		.timeout = l->timeout,
		.cache = l->cache,
		.cache_ttl = l->cache_ttl,
	};

	if (l->command.n == 0)
		return set;
	set.command = &l->command;
	set.cwd = l->cwd;
	set.file = config_where(cfg, at, 0)->file;
	return set;
}

static struct lookup_settings
users_of(const struct config *cfg)
{
	struct lookup_settings set = lookup_settings_of(cfg,
	    offsetof(struct config, tickets.oro.lookup.command),
	    &cfg->tickets.oro.lookup);

	set.key = "tickets.oro.command";
	set.type = set.member = "user";
	set.who = ORO_USER_SETS;
	set.password = true;
	set.queue = cfg->tickets.oro.queue;
	return set;
}

static struct lookup_settings
sessions_of(const struct config *cfg)
{
	struct lookup_settings set = lookup_settings_of(cfg,
	    offsetof(struct config, cookie.lookup.command),
	    &cfg->cookie.lookup);

	set.key = "cookie.command";
	set.type = "session";
	set.member = "cookie";
	set.who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_COOKIE;
	set.queue = cfg->cookie.queue;
	return set;
}

/* A flood of tickets must leave a processor to the loop, and of libuv's four
 * threads one to TLS. */
static unsigned
ticket_threads(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 3 ? 3 : cores > 2 ? 2 : 1;
}

static struct oro_settings
oro_settings_of(const struct config *cfg)
{
	struct oro_settings set = {
		.secret_file = cfg->tickets.oro.secret_file,
		.users = cfg->tickets.oro.users,
		.command = users_of(cfg),
		.ttl = cfg->tickets.oro.ttl,
		.tolerance = cfg->tickets.oro.tolerance,
		.queue = cfg->tickets.oro.queue,
		.threads = ticket_threads(),
		.once = cfg->tickets.oro.once,
		.anonymous = cfg->tickets.oro.anonymous,
		.backends = &cfg->tickets.oro.backends,
	};

	if (set.secret_file == NULL && config_has_oro_secret(cfg))
		set.secret = getenv("ORO_SECRET");
	return set;
}

static struct issuer_settings
issuer_settings_of(const struct config *cfg)
{
	return (struct issuer_settings){
		.key = cfg->tickets.issue_key,
		.audience = cfg->tickets.paseto.audience,
		.issuer = cfg->tickets.paseto.issuer,
	};
}

/* A variable of the environment alone does not keep anybody out: it may be
 * there for the tools. */
static bool
allows_anonymous(const struct config *cfg)
{
	if (cfg->auth.anonymous != ANONYMOUS_AUTO)
		return cfg->auth.anonymous == ANONYMOUS_YES;
	return !config_sets(cfg, "tickets.") && !config_sets(cfg, "cookie.") &&
	    cfg->cra.keys == NULL && cfg->tls.principals == NULL;
}

/* Whether a client could send a cookie of that name (RFC 6265). */
static bool
is_cookie_name(const char *name)
{
	return name == NULL || (name[0] != '\0' &&
	    strpbrk(name, " \t\"(),/:;<=>?@[\\]{}") == NULL);
}

static int
check_use(const struct config *cfg, struct errbuf *e)
{
	bool name = cfg->cookie.name != NULL;

	if (!config_has_oro_secret(cfg) && config_sets(cfg, "tickets.oro."))
		err_set(e, "tickets.oro.secret_file: other keys of "
		    "tickets.oro need it");
	else if (name != (cfg->cookie.lookup.command.n > 0))
		err_set(e, name ? "cookie.command: cookie.name needs it" :
		    "cookie.name: cookie.command needs it");
	else if (!is_cookie_name(cfg->tickets.cookie) ||
	    !is_cookie_name(cfg->cookie.name))
		err_set(e, "%s: no cookie can have that name",
		    is_cookie_name(cfg->cookie.name) ? "tickets.cookie" :
		    "cookie.name");
	else
		return 0;
	return -1;
}

/* A kind of tokens. */
static const struct kind {
	const char *section;
	size_t	    at;		/* in struct config; struct config_tokens */
	enum ticket_kind kind;
} kinds[] = {
	{ "tickets.paseto.", offsetof(struct config, tickets.paseto),
	    TICKET_PASETO },
	{ "tickets.jwt.", offsetof(struct config, tickets.jwt), TICKET_JWT },
};

#define NKINDS	(sizeof(kinds) / sizeof(kinds[0]))

static struct tokens_settings
tokens_of(const struct config *cfg, const struct kind *k)
{
	const struct config_tokens *of = (const struct config_tokens *)
	    (const void *)((const char *)cfg + k->at);

	return (struct tokens_settings){
		.keys = &of->keys,
		.audience = of->audience,
		.issuer = of->issuer,
		.leeway = cfg->tickets.leeway,
		.once = of->once,
		.require_exp = cfg->tickets.require_exp,
	};
}

/* 0, or -1 with *e filled, which names the key. */
static int
check_section(const struct config *cfg, const struct kind *k, struct errbuf *e)
{
	if (tokens_of(cfg, k).keys->n > 0 || !config_sets(cfg, k->section))
		return 0;
	err_set(e, "%skeys: other keys of this section need it", k->section);
	return -1;
}

static int
check_sections(const struct config *cfg, struct errbuf *e)
{
	size_t i;

	for (i = 0; i < NKINDS; i++)
		if (check_section(cfg, &kinds[i], e) == -1)
			return -1;
	return 0;
}

/* Report what the check of the key that is stored at that offset has given. */
static void
report_tokens(const struct config *cfg, struct diags *d, size_t key, int rc,
    const struct errbuf *warning, const struct errbuf *e)
{
	const struct config_place *at = config_where(cfg, key, 0);

	if (rc == -1)
		diag_add(d, DIAG_ERROR, at->file, at->line, at->column,
		    "bad-secret", "%s", e->msg);
	else if (warning->msg[0] != '\0')
		diag_add(d, DIAG_WARNING, at->file, at->line, at->column,
		    "open-secret", "%s", warning->msg);
}

void
identity_check_tokens(const struct config *cfg, struct diags *d)
{
	const struct issuer_settings issuer = issuer_settings_of(cfg);
	struct tokens_settings set;
	struct errbuf warning, e;
	const struct kind *k;
	int rc;

	for (k = kinds; k < kinds + NKINDS; k++) {
		warning.msg[0] = '\0';
		set = tokens_of(cfg, k);
		if ((rc = check_section(cfg, k, &e)) == 0 && set.keys->n > 0)
			rc = tokens_check(k->kind, &set, &warning, &e);
		report_tokens(cfg, d, k->at +
		    offsetof(struct config_tokens, keys), rc, &warning, &e);
	}
	warning.msg[0] = '\0';
	rc = issuer_check(&issuer, &warning, &e);
	report_tokens(cfg, d, offsetof(struct config, tickets.issue_key), rc,
	    &warning, &e);
}

/* Holds the configuration. */
static struct auth_settings
settings_of(struct config *cfg)
{
	return (struct auth_settings){
		.anonymous = allows_anonymous(cfg),
		.certificates = cfg->tls.principals,
		.session_ttl = cfg->tickets.session_ttl,
		.ticket_cookie = cfg->tickets.cookie,
		.cookie = cfg->cookie.name,
		.session = sessions_of(cfg),
		.oro = oro_settings_of(cfg),
		.paseto = tokens_of(cfg, &kinds[0]),
		.jwt = tokens_of(cfg, &kinds[1]),
		.issuer = issuer_settings_of(cfg),
		.cra_keys = cfg->cra.keys,
		.cra = {
			.timeout = cfg->cra.timeout,
			.delay = cfg->cra.delay,
			.hide_keys = cfg->cra.hide_keys,
		},
		.source = config_hold(cfg),
		.source_free = config_release,
	};
}

/* A fault that is not one of a file: report it where the key is that it begins
 * with. */
static void
report(const struct config *cfg, struct diags *d, const struct errbuf *e)
{
	const struct config_place *at = NULL;
	size_t n = strcspn(e->msg, ":");
	const struct key *k;
	char name[64];

	if (n < sizeof(name)) {
		memcpy(name, e->msg, n);
		name[n] = '\0';
		if ((k = key_find(name)) != NULL)
			at = config_where(cfg, k->at, 0);
	}
	diag_add(d, DIAG_ERROR, at != NULL ? at->file : "wampd",
	    at != NULL ? at->line : 0, at != NULL ? at->column : 0,
	    "bad-identity", "%s", e->msg);
}

struct auth_rules *
identity_prepare(struct config *cfg, struct broker *b, struct diags *d)
{
	struct auth_rules *rules = NULL;
	struct auth_settings set;
	size_t before = d->errors;
	struct errbuf e;

	if (check_use(cfg, &e) == 0 && check_sections(cfg, &e) == 0) {
		set = settings_of(cfg);
		rules = auth_read(&set, b, d, &e);
	}
	if (rules == NULL && d->errors == before)
		report(cfg, d, &e);
	return rules;
}

/* Errors of files are printed, and warnings are logged. */
static void
tell(const struct diags *d, bool failed)
{
	size_t i;

	if (failed)
		diag_print(d, stderr);
	else
		for (i = 0; i < d->n; i++)
			log_warn("%s%s%s", d->v[i].line > 0 ? d->v[i].file : "",
			    d->v[i].line > 0 ? ": " : "", d->v[i].text);
}

struct auth *
identity_new(struct config *cfg, struct broker *b, struct errbuf *e)
{
	struct auth *a = auth_new(b, e);
	struct auth_rules *rules;
	struct auth_settings set;
	struct diags d = { 0 };

	if (a == NULL || check_use(cfg, e) == -1 ||
	    check_sections(cfg, e) == -1)
		goto fail;
	set = settings_of(cfg);
	rules = auth_read(&set, b, &d, e);
	tell(&d, rules == NULL);
	diag_clear(&d);
	if (rules != NULL && auth_renew(a, rules, e) == 0)
		return a;
fail:
	auth_free(a);
	return NULL;
}

int
identity_check_secret(const struct config *cfg, struct errbuf *e)
{
	const struct oro_settings set = oro_settings_of(cfg);
	struct secret s = { NULL, 0 };
	int rc;

	if (check_use(cfg, e) == -1)
		return -1;
	if (!config_has_oro_secret(cfg))
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

void
identity_check_certificates(const struct config *cfg, struct diags *d)
{
	if (cfg->tls.principals != NULL)
		certificates_free(certificates_load(cfg->tls.principals, d));
}
