/*
 * identity.h: how clients can prove who they are, by the configuration.
 */
#pragma once

#include "base/err.h"

struct auth;
struct auth_rules;
struct broker;
struct config;
struct diags;

/* Make all that finds out who a client is.  b is borrowed, cfg is held.  NULL
 * with *e filled on failure. */
struct auth *identity_new(struct config *cfg, struct broker *b,
	    struct errbuf *e);

/* Read what another configuration says about that, and all files that it names,
 * for auth_renew() or auth_discard(); cfg is held until these are freed.  It
 * changes nothing, and may run in any thread, if no other one uses cfg
 * meanwhile.  NULL with the errors in *d. */
struct auth_rules *identity_prepare(struct config *cfg, struct broker *b,
	    struct diags *d);

/* Check the secret of Oro's application, if there is one.  0, or -1 with *e
 * filled, which names the key. */
int	identity_check_secret(const struct config *cfg, struct errbuf *e);

/* Check the keys of PASETOs and JSON Web Tokens; all errors go to *d. */
void	identity_check_tokens(const struct config *cfg, struct diags *d);

/* Check the file of users, if there is one; all errors go to *d. */
void	identity_check_users(const struct config *cfg, struct diags *d);

/* Check the file of certificates' owners, likewise. */
void	identity_check_certificates(const struct config *cfg,
	    struct diags *d);
