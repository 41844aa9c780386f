/*
 * jwt.h: JSON Web Tokens (RFC 7519) in the compact form of a signed one:
 *
 *	HEAD.CLAIMS.SIGNATURE
 *
 * What RFC 8725 advises is done: the algorithm belongs to the key, there is no
 * "none", and a token that was typed for something else is refused.  Keys that
 * a token brings itself, or names by a URL, are ignored.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "token/claims.h"
#include "token/jwk.h"
#include "token/token.h"

/* Whether it looks like one: three texts with dots between them. */
bool	jwt_is(struct slice token);

/* Append what it says, without checking it: its head, and its claims. TOKEN_OK,
 * TOKEN_MALFORMED or TOKEN_NO_MEMORY. */
enum token_verdict jwt_unchecked(struct buf *head, struct buf *claims,
	    struct slice token);

/* Check that it was made with one of the keys, and append what it says. */
enum token_verdict jwt_open(const struct jwks *keys, struct slice token,
	    struct buf *payload);

/* The same, and that its claims are valid now; they are in *out, as far as they
 * were read.  Call claims_clear() in any case. */
enum token_verdict jwt_verify(struct claims *out, const struct jwks *keys,
	    struct slice token, const struct token_rules *rules);
