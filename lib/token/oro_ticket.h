/*
 * oro_ticket.h: the tickets of Oro's SyncBundle, from OroPlatform 3.1 on.
 *
 *	ticket	= base64(digest;user;nonce;created)
 *	digest	= base64(5000 rounds of SHA-512)
 *
 * A user's ticket proves that its maker knows the hash of the user's password,
 * and the secret of the application.  A ticket without a user proves only the
 * secret.  The name of the user is not part of the digest, but the hash is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "token/token.h"

#define ORO_DIGEST_SIZE	88	/* characters, without a NUL */
#define ORO_RAW_MAX	4096	/* bytes of nonce|created|password */
#define ORO_NONCE_MAX	64	/* bytes; Oro's have 16 */
#define ORO_CREATED_MAX	40	/* bytes */

struct oro_ticket {
	struct slice digest;	/* all are borrowed from the decoded text; has
				 * ORO_DIGEST_SIZE bytes */
	struct slice user;	/* empty: none */
	struct slice nonce;
	struct slice created;
	int64_t	     when;	/* seconds since 1970: what created says */
};

/*
 * Read a ticket.  The text is decoded to *mem as PHP does it: what is not
 * base64 is skipped, and padding may be missing.  A blank counts as "+", which
 * it was before the query was decoded; "-" and "_" are those of base64url.
 *
 * TOKEN_OK; or TOKEN_MALFORMED, with *why saying what is wrong (static), and
 * the fields of *t that could be read; or TOKEN_NO_MEMORY.
 */
enum token_verdict oro_ticket_read(struct oro_ticket *t, struct slice text,
	    struct buf *mem, const char **why);

/* Whether it is valid at that time.  All are seconds; ttl and tolerance are the
 * last ones that are still valid. */
enum token_verdict oro_ticket_check(const struct oro_ticket *t, int64_t now,
	    int64_t ttl, int64_t tolerance);

/* SHA-512 of len bytes: write its 64 bytes to out, which may be in front of p
 * within the same buffer.  0 or -1. */
struct oro_hash {
	int  (*sha512)(void *arg, unsigned char *out, const unsigned char *p,
		    size_t len);
	void  *arg;		/* borrowed */
};

/* Whether Oro accepts it as the secret of an application.  0, or -1 with *e
 * filled. */
int	oro_secret_check(struct slice secret, struct errbuf *e);

/*
 * Compute the digest of a ticket with that nonce and time.  It takes
 * milliseconds.  An empty secret is left out.  0, or -1 if the texts are longer
 * than ORO_RAW_MAX, when out of memory, or if the hash fails.  All copies of
 * the secrets are wiped.
 */
int	oro_digest(char out[ORO_DIGEST_SIZE], struct slice nonce,
	    struct slice created, struct slice password, struct slice secret,
	    const struct oro_hash *hash);

/* Append the ticket of a user, who may be empty.  0 or -1, as oro_digest(). */
int	oro_ticket_make(struct buf *out, struct slice user, struct slice nonce,
	    struct slice created, struct slice password, struct slice secret,
	    const struct oro_hash *hash);
