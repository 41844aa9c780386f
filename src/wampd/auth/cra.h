/*
 * cra.h: WAMP-CRA, the login of WAMP v1: challenges and signatures.
 *
 * The server sends a text, the challenge.  The client signs it with HMAC-SHA256
 * and its key, which is a secret, or the base64 text of what PBKDF2 makes of a
 * password.  All functions here are pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct permissions;

#define CRA_SIGNATURE_SIZE	45	/* 32 bytes in base64, and a NUL */

/* How a key was derived from a password. */
struct cra_salt {
	struct slice salt;	/* len 0: it was not */
	int64_t	     iterations;
	int64_t	     keylen;	/* bytes */
};

#define CRA_ITERATIONS		10000	/* defaults of Autobahn's clients */
#define CRA_KEYLEN		32
#define CRA_ITERATIONS_MAX	1000000	/* what our tools accept */
#define CRA_KEYLEN_MAX		128

struct cra_challenge {
	struct slice authid;		/* random, for one try */
	struct slice authkey;
	int64_t	     wall;		/* ms since 1970 */
	struct slice session;		/* its id */
	struct slice extra;		/* JSON, as the client sent it */
	const struct permissions *permissions;	/* NULL: none are shown */
	struct cra_salt salt;
};

/* Append the text of the challenge, a JSON object.  0, or -1 when out of
 * memory. */
int	cra_challenge_write(struct buf *out, const struct cra_challenge *c);

/* Append permissions as a JSON object; NULL: empty lists.  0, or -1 when out of
 * memory. */
int	cra_permissions_write(struct buf *out, const struct permissions *p);

/* The signature of the challenge, base64, to out of CRA_SIGNATURE_SIZE bytes.
 * Returns out. */
char   *cra_signature(char *out, struct slice key, struct slice challenge);

/* Whether that is the signature.  It takes as long for any that has the right
 * length. */
bool	cra_matches(struct slice key, struct slice challenge,
	    struct slice signature);
