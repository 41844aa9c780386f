/*
 * auth.c: all ways to find out who a visitor is.
 */
#include "wampd/auth/auth.h"

#include <stdlib.h>

#include "base/opt_list.h"
#include "route/diag.h"
#include "wampd/auth/certificate.h"
#include "wampd/auth/identify.h"
#include "wampd/auth/session_cookie.h"
#include "wampd/auth/ticket.h"

struct auth {
	struct identify	identify;
	struct tickets	tickets;
	struct certificates *certificates; /* owned; NULL: not in use */
	struct oro     *oro;		/* owned; NULL: not in use */
	struct tokens  *paseto, *jwt;	/* likewise */
	struct session_cookie cookie;
	struct issuer	issuer;
};

static int
add_oro(struct auth *a, const struct auth_settings *set, struct broker *b,
    struct errbuf *e)
{
	if (set->oro.secret_file == NULL && set->oro.secret == NULL)
		return 0;
	if ((a->oro = oro_new(&set->oro, b, e)) == NULL)
		return -1;
	tickets_accept(&a->tickets, TICKET_ORO, oro_begin, a->oro);
	return 0;
}

static int
add_tokens(struct auth *a, struct tokens **out, enum ticket_kind kind,
    const struct tokens_settings *set, struct broker *b, struct errbuf *e)
{
	if (set->keys->n == 0)
		return 0;
	if ((*out = tokens_new(kind, set, b, e)) == NULL)
		return -1;
	tickets_accept(&a->tickets, kind, tokens_begin, *out);
	return 0;
}

static int
add_cookie(struct auth *a, const struct auth_settings *set, struct broker *b,
    struct errbuf *e)
{
	if (set->cookie == NULL)
		return 0;
	a->cookie.name = set->cookie;
	a->cookie.identify = &a->identify;
	a->cookie.lookup = lookup_new(&set->session, b, e);
	return a->cookie.lookup != NULL ? 0 : -1;
}

static int
read_certificates(struct auth *a, const char *file, struct errbuf *e)
{
	struct diags d = { 0 };

	if (file == NULL)
		return 0;
	a->certificates = certificates_load(file, &d);
	if (a->certificates == NULL) {
		diag_print(&d, stderr);
		err_set(e, "tls.principals: %s has errors", file);
	}
	diag_clear(&d);
	return a->certificates != NULL ? 0 : -1;
}

/* In the order in which they are tried. */
static void
add_methods(struct auth *a)
{
	const struct identify_method certificate = { "certificate",
	    certificates_begin, a->certificates };
	const struct identify_method ticket = { "ticket", tickets_begin,
	    &a->tickets };

	const struct identify_method cookie = { "cookie",
	    session_cookie_begin, &a->cookie };

	a->identify.certificates = a->certificates != NULL;
	if (a->certificates != NULL)
		identify_add(&a->identify, &certificate);
	if (a->oro != NULL || a->paseto != NULL || a->jwt != NULL)
		identify_add(&a->identify, &ticket);
	if (a->cookie.lookup != NULL)
		identify_add(&a->identify, &cookie);
}

struct auth *
auth_new(const struct auth_settings *set, struct broker *b, struct errbuf *e)
{
	struct auth *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	a->identify.anonymous = set->anonymous;
	a->identify.login = set->login;
	a->identify.session_ttl = set->session_ttl;
	a->tickets.cookie = set->ticket_cookie;
	if (add_tokens(a, &a->paseto, TICKET_PASETO, &set->paseto, b,
	    e) == -1 || add_tokens(a, &a->jwt, TICKET_JWT, &set->jwt, b,
	    e) == -1 || add_oro(a, set, b, e) == -1 ||
	    add_cookie(a, set, b, e) == -1 ||
	    issuer_add(&a->issuer, &set->issuer, a->oro, b, e) == -1 ||
	    read_certificates(a, set->certificates, e) == -1) {
		auth_free(a);
		return NULL;
	}
	add_methods(a);
	return a;
}

struct identify *
auth_identify(struct auth *a)
{
	return &a->identify;
}

void
auth_free(struct auth *a)
{
	if (a == NULL)
		return;
	oro_free(a->oro);
	tokens_free(a->paseto);
	tokens_free(a->jwt);
	issuer_clear(&a->issuer);
	tickets_clear(&a->tickets);
	certificates_free(a->certificates);
	free(a);
}
