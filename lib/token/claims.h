/*
 * claims.h: the claims of a token: who its bearer is, and when and for whom it
 * is valid.
 *
 *	sub	string	who it is; the id of the user, or the name itself
 *	name	string	the name of the user; without it, sub is the name
 *	user_id	number	id of the user in the application
 *	roles	list of strings, or one string
 *	exp	when it ends
 *	nbf	when it begins
 *	iat	when it was made
 *	aud	string, or a list of strings: for whom it is
 *	iss	string	who made it
 *	jti	string	its own id
 *
 * Times are texts of RFC 3339 in PASETO, and seconds since 1970 in JWT.  Other
 * claims are ignored, as RFC 7519 section 4 obliges us to.  A claim of these
 * that occurs twice makes a token malformed: two readers could understand it
 * differently.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "token/token.h"

#define CLAIMS_NEVER	INT64_C(-1)	/* a time that is not given */
#define CLAIMS_TEXT_MAX	255		/* bytes of a name, a role and so on */
#define CLAIMS_LIST_MAX	64		/* roles, or audiences */
#define CLAIMS_DEPTH	16		/* nested lists and objects */

enum claims_times { CLAIMS_TEXT_TIMES, CLAIMS_NUMERIC_TIMES };

struct claims {
	const char *sub;	/* texts are in mem; NULL: not given */
	const char *name;
	const char *iss;
	const char *jti;
	const char *const *roles; /* NULL-terminated, or NULL */
	const char *const *aud;	/* likewise */
	int64_t	    user_id;	/* 0: none */
	int64_t	    exp, nbf, iat; /* ms since 1970, or CLAIMS_NEVER */
	struct arena mem;
};

/* Read the claims, a JSON object, into *out.  Call claims_clear() in any
 * case.  TOKEN_OK, TOKEN_MALFORMED or TOKEN_NO_MEMORY. */
enum token_verdict claims_read(struct claims *out, struct slice json,
	    enum claims_times times);

/* Whether a token with these claims is valid now. */
enum token_verdict claims_check(const struct claims *c,
	    const struct token_rules *rules);

/* Whether a claim may be that text: not empty, not longer than CLAIMS_TEXT_MAX,
 * UTF-8 and without control characters. */
bool	claims_is_text(struct slice text);

/* The name of the bearer, or NULL if the token names nobody. */
const char *claims_name(const struct claims *c);

/* Append them as a JSON object.  0, or -1 when out of memory. */
int	claims_write(struct buf *out, const struct claims *c,
	    enum claims_times times);

void	claims_clear(struct claims *c);
