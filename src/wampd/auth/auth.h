/*
 * auth.h: all ways to find out who a visitor is, as the configuration has them.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "wampd/auth/issue.h"
#include "wampd/auth/lookup.h"
#include "wampd/auth/oro.h"
#include "wampd/auth/tokens.h"

struct auth;
struct broker;
struct identify;

struct auth_settings {
	bool	    anonymous;		/* visitors need not prove anything */
	bool	    login;		/* or they may log in later */
	int64_t	    session_ttl;	/* see identify.h */
	const char *ticket_cookie;	/* NULL: none has a ticket */
	const char *certificates;	/* file, see certificate.h; NULL: they
					 * prove nothing */
	const char *cookie;		/* that has the application's session;
					 * NULL: none */
	struct lookup_settings session;	/* that knows whose session it is */
	struct oro_settings oro;	/* without a secret: none of its
					 * tickets are accepted */
	struct tokens_settings paseto, jwt; /* without keys: likewise */
	struct issuer_settings issuer;
};

/* The settings and the broker are borrowed.  NULL with *e filled on failure. */
struct auth *auth_new(const struct auth_settings *set, struct broker *b,
	    struct errbuf *e);

/* Borrowed. */
struct identify *auth_identify(struct auth *a);

/* No connection may be left, and no thread at work.  NULL is fine. */
void	auth_free(struct auth *a);
