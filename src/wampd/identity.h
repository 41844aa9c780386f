/*
 * identity.h: how clients can prove who they are, by the configuration.
 */
#pragma once

#include "base/err.h"

struct auth;
struct broker;
struct config;
struct diags;

/* Make all that finds out who a client is.  cfg and b are borrowed.  NULL with
 * *e filled on failure. */
struct auth *identity_new(const struct config *cfg, struct broker *b,
	    struct errbuf *e);

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
