/*
 * auth_rules.c: what one reading of the configuration says about who visitors
 * are.
 */
#include "wampd/auth/auth_rules.h"

#include <stdlib.h>

#include "base/opt_list.h"
#include "route/diag.h"
#include "wampd/auth/certificate.h"
#include "wampd/auth/cra_keys.h"

/* ---- reading ---- */

static int
add_oro(struct auth_rules *r, struct broker *b, struct diags *d,
    struct errbuf *e)
{
	struct oro_settings *set = &r->set.oro;

	if (set->secret_file == NULL && set->secret == NULL)
		return 0;
	set->diags = d;
	if ((r->oro = oro_new(set, b, e)) == NULL)
		return -1;
	tickets_accept(&r->tickets, TICKET_ORO, oro_begin, r->oro);
	return 0;
}

/* A warning about a file goes where errors do. */
static void
warn(struct diags *d, const struct errbuf *warning)
{
	if (warning->msg[0] != '\0')
		diag_add(d, DIAG_WARNING, "wampd", 0, 0, "open-secret", "%s",
		    warning->msg);
}

static int
add_tokens(struct auth_rules *r, struct tokens **out, enum ticket_kind kind,
    struct tokens_settings *set, struct broker *b, struct diags *d,
    struct errbuf *e)
{
	struct errbuf warning = { "" };

	if (set->keys->n == 0)
		return 0;
	set->warning = &warning;
	if ((*out = tokens_new(kind, set, b, e)) == NULL)
		return -1;
	set->warning = NULL;
	warn(d, &warning);
	tickets_accept(&r->tickets, kind, tokens_begin, *out);
	return 0;
}

static int
add_issuer(struct auth_rules *r, struct diags *d, struct errbuf *e)
{
	struct errbuf warning = { "" };

	r->set.issuer.warning = &warning;
	if (issuer_read(&r->issuer, &r->set.issuer, r->oro, e) == -1)
		return -1;
	r->set.issuer.warning = r->issuer.set.warning = NULL;
	warn(d, &warning);
	return 0;
}

static int
add_cookie(struct auth_rules *r, struct broker *b, struct errbuf *e)
{
	if (r->set.cookie == NULL)
		return 0;
	r->cookie.name = r->set.cookie;
	r->cookie.lookup = lookup_new(&r->set.session, b, e);
	return r->cookie.lookup != NULL ? 0 : -1;
}

static int
read_certificates(struct auth_rules *r, struct diags *d, struct errbuf *e)
{
	const char *file = r->set.certificates;

	if (file == NULL)
		return 0;
	r->certificates = certificates_load(file, d);
	if (r->certificates == NULL)
		err_set(e, "tls.principals: %s has errors", file);
	return r->certificates != NULL ? 0 : -1;
}

static int
read_cra_keys(struct auth_rules *r, struct diags *d, struct errbuf *e)
{
	if (r->set.cra_keys == NULL)
		return 0;
	if ((r->cra_keys = cra_keys_load(r->set.cra_keys, d)) != NULL)
		return 0;
	err_set(e, "cra.keys: the file has errors");
	return -1;
}

void
auth_discard(struct auth_rules *r)
{
	if (r == NULL)
		return;
	issuer_clear(&r->issuer);
	oro_free(r->oro);
	tokens_free(r->paseto);
	tokens_free(r->jwt);
	tickets_clear(&r->tickets);
	lookup_release(r->cookie.lookup);
	certificates_free(r->certificates);
	cra_keys_free(r->cra_keys);
	if (r->set.source_free != NULL)
		r->set.source_free(r->set.source);
	free(r);
}

struct auth_rules *
auth_read(const struct auth_settings *set, struct broker *b, struct diags *d,
    struct errbuf *e)
{
	struct auth_rules *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		err_set(e, "out of memory");
		if (set->source_free != NULL)
			set->source_free(set->source);
		return NULL;
	}
	r->set = *set;
	r->tickets.cookie = set->ticket_cookie;
	if (add_tokens(r, &r->paseto, TICKET_PASETO, &r->set.paseto, b, d,
	    e) == 0 && add_tokens(r, &r->jwt, TICKET_JWT, &r->set.jwt, b, d,
	    e) == 0 && add_oro(r, b, d, e) == 0 &&
	    add_cookie(r, b, e) == 0 && add_issuer(r, d, e) == 0 &&
	    read_certificates(r, d, e) == 0 && read_cra_keys(r, d, e) == 0)
		return r;
	auth_discard(r);
	return NULL;
}

/* ---- in force ---- */

static int
start_cookie(struct session_cookie *c, const struct lookup_settings *set,
    const struct session_cookie *before, struct errbuf *e)
{
	if (c->lookup == NULL)
		return 0;
	if (before == NULL || before->lookup == NULL ||
	    !lookup_is(before->lookup, set))
		return lookup_join(c->lookup, e);
	lookup_release(c->lookup);
	c->lookup = lookup_hold(before->lookup);
	return 0;
}

int
auth_rules_start(struct auth_rules *r, struct auth_rules *before,
    struct seen seen[TICKET_KINDS], struct errbuf *e)
{
	int rc = 0;

	if (r->paseto != NULL)
		tokens_start(r->paseto, &seen[TICKET_PASETO]);
	if (r->jwt != NULL)
		tokens_start(r->jwt, &seen[TICKET_JWT]);
	if (r->oro != NULL)
		rc = oro_start(r->oro, before != NULL ? before->oro : NULL,
		    &seen[TICKET_ORO], e);
	if (start_cookie(&r->cookie, &r->set.session,
	    before != NULL ? &before->cookie : NULL, e) == -1)
		rc = -1;
	return rc;
}

/* In the order in which they are tried. */
void
auth_rules_serve(struct auth_rules *r, struct identify *id)
{
	const struct identify_method certificate = { "certificate",
	    certificates_begin, r->certificates };
	const struct identify_method ticket = { "ticket", tickets_begin,
	    &r->tickets };
	const struct identify_method cookie = { "cookie",
	    session_cookie_begin, &r->cookie };

	*id = (struct identify){
		.anonymous = r->set.anonymous,
		.certificates = r->certificates != NULL,
		.login = r->set.cra_keys != NULL,
		.session_ttl = r->set.session_ttl,
	};
	r->cookie.identify = id;
	if (r->certificates != NULL)
		identify_add(id, &certificate);
	if (r->oro != NULL || r->paseto != NULL || r->jwt != NULL)
		identify_add(id, &ticket);
	if (r->cookie.lookup != NULL)
		identify_add(id, &cookie);
}

bool
auth_rules_are_idle(const struct auth_rules *r)
{
	return (r->oro == NULL || oro_is_idle(r->oro)) && r->cookie.jobs == 0;
}
