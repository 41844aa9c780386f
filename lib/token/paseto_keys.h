/*
 * paseto_keys.h: the keys of a file, and checking tokens with them.
 *
 * A file has one key on a line, as in paserk.h, and perhaps a word after it:
 * the id by which tokens name it, if that is not the id that PASERK defines.
 * "#" begins a comment.
 *
 *	# Both are valid until all tokens of the old one have expired.
 *	k4.public.fUz...
 *	k4.public.B3r... shop-2026
 *
 * A token that names its key, with {"kid":"ID"} in its footer, is checked with
 * that key only.  Others are tried with all keys of their kind.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "token/claims.h"
#include "token/paserk.h"
#include "token/token.h"

struct paseto_key {
	struct paserk key;
	char	      id[PASERK_ID_SIZE];
	char	     *kid;	/* owned; another id of it, or NULL */
};

/* Zeroed: none. */
struct paseto_keys {
	struct paseto_key *v;	/* owned */
	size_t		   n;	/* at most TOKEN_KEYS_MAX */
};

/* Add the keys of a text.  0; or -1 with *e filled, which begins with the
 * number of the line. */
int	paseto_keys_add(struct paseto_keys *keys, struct slice text,
	    struct errbuf *e);

/* Add the keys of a file; it is an error if it has none.  *warning is filled if
 * it has a secret and everybody may read it; it may be NULL.  Both name the
 * path.  0 or -1. */
int	paseto_keys_load(struct paseto_keys *keys, const char *path,
	    struct errbuf *warning, struct errbuf *e);

/* The first key that makes tokens, or NULL. */
const struct paseto_key *paseto_keys_maker(const struct paseto_keys *keys);

/* Check that a token was made with one of the keys, and append its message.
 * *used (may be NULL) becomes that key.  k4.secret keys check what they have
 * signed. */
enum token_verdict paseto_keys_open(const struct paseto_keys *keys,
	    struct slice token, struct buf *message,
	    const struct paseto_key **used);

/* The same, and that its claims are valid now; they are in *out, as far as they
 * were read.  Call claims_clear() in any case. */
enum token_verdict paseto_verify(struct claims *out,
	    const struct paseto_keys *keys, struct slice token,
	    const struct token_rules *rules);

/* Append a token with these claims, made with the key; its footer names it. 0,
 * or -1 when out of memory. */
int	paseto_issue(struct buf *out, const struct paseto_key *key,
	    const struct claims *claims);

/* Overwrite the keys, and free them. */
void	paseto_keys_clear(struct paseto_keys *keys);
