/*
 * cra_keys.h: the file with the keys of WAMP-CRA.
 *
 *	alice:
 *	  derived: znWa4bxY1glpbQlZziHIlXA2shfF+HoCr9bnmZ5HPQg=
 *	  salt: RANDOM SALT
 *	  iterations: 1000
 *	  user_id: 7
 *	  roles: [ROLE_USER]
 *	  permissions:
 *	    pubsub: [{ uri: "news/", prefix: true, sub: true }]
 *	    rpc: [{ uri: "api/sum", call: true }]
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"
#include "base/slice.h"
#include "route/diag.h"
#include "wampd/auth/cra.h"

struct permissions;
struct principal;

#define CRA_AUTHKEY_MAX	256	/* bytes of the name of a key */

struct cra_key {
	char	      *authkey;		/* owned; the name of the key */
	struct secret  secret;		/* what signs */
	struct cra_salt salt;		/* its text is in salt_text */
	char	      *salt_text;	/* owned, or NULL */
	struct permissions *permissions; /* a reference, or NULL */
	/* Whom it proves; a reference each.  The second one connects from this
	 * machine. */
	const struct principal *principal[2];
};

struct cra_keys;

/* Read the file.  Faults go to *d, with their places; none of them shows a
 * secret.  A file that others may read is a warning.  With one
 * reference; NULL after an error.  May be called in any thread. */
struct cra_keys *cra_keys_load(const char *file, struct diags *d);

/* The key of that name, or NULL.  Without keys, there is none. */
const struct cra_key *cra_keys_find(const struct cra_keys *all,
	    struct slice authkey);

/* How the first key of the file was derived; salt.len 0: it was not. */
struct cra_salt cra_keys_first_salt(const struct cra_keys *all);

size_t	cra_keys_count(const struct cra_keys *all);

/* Take a reference, and give one back.  The last one wipes and frees all keys.
 * NULL is fine for both. */
struct cra_keys *cra_keys_hold(struct cra_keys *all);
void	cra_keys_free(struct cra_keys *all);
