/*
 * auth.h: all ways to find out who a visitor is, as the configuration has them.
 *
 * One reading of the configuration gives rules.  A reload replaces them as a
 * whole: new visitors meet the new rules, and whoever is being found out is
 * found out by the rules that he met; the last one frees them.  What was used
 * once is remembered over that, and a program that is declared as before goes
 * on, with what it has answered.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "wampd/auth/cra_login.h"
#include "wampd/auth/issue.h"
#include "wampd/auth/lookup.h"
#include "wampd/auth/oro.h"
#include "wampd/auth/tokens.h"

struct auth;
struct auth_rules;
struct broker;
struct diags;
struct identify;

struct auth_settings {
	bool	    anonymous;		/* visitors need not prove anything */
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
	const char *cra_keys;		/* file, see cra_keys.h; NULL: visitors
					 * cannot log in later */
	struct cra_settings cra;	/* without its keys */
	void	   *source;		/* taken; owns the texts and lists; or
					 * NULL */
	void	  (*source_free)(void *source);
};

/* Without rules, so that nobody is identified.  The broker is borrowed.  NULL
 * with *e filled on failure. */
struct auth *auth_new(struct broker *b, struct errbuf *e);

/* Read and check all files, and change nothing.  May be called in any thread.
 * Faults in files go to *d with their places.  NULL with *e filled, which names
 * the key of the configuration. */
struct auth_rules *auth_read(const struct auth_settings *set,
	    struct broker *b, struct diags *d, struct errbuf *e);

/*
 * Let these rules, which it takes, be in force.  0, or -1 with *e filled: they
 * are, but no program can be started for now.
 *
 * Sessions are looked at in the next turns.  Those are closed whose key of
 * WAMP-CRA, or whose entry in the file of users or of certificates, has gone.
 * If the entry has other roles or another id, the session gets these.
 */
int	auth_renew(struct auth *a, struct auth_rules *fresh,
	    struct errbuf *e);

/* Free rules that were not taken.  NULL is fine. */
void	auth_discard(struct auth_rules *fresh);

/* Borrowed.  It stays the same. */
struct identify *auth_identify(struct auth *a);

/* No connection may be left, and no thread at work.  The broker must still be
 * there.  NULL is fine. */
void	auth_free(struct auth *a);
