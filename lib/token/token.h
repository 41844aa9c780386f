/*
 * token.h: what is common to tokens of all kinds: what they may be, and what
 * the check of one may say.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_MAX	8192	/* bytes of a token that is read */
#define TOKEN_KEYS_MAX	32	/* keys of one kind.  A token that does not
				 * name its key is tried with each */

enum token_verdict {
	TOKEN_OK,
	TOKEN_MALFORMED,	/* neither read nor understood */
	TOKEN_UNKNOWN_KEY,	/* no key has its id, or is of its kind */
	TOKEN_BAD_SIGNATURE,	/* changed, or made with another key */
	TOKEN_EXPIRED,
	TOKEN_EARLY,		/* not valid yet */
	TOKEN_OTHER_AUDIENCE,	/* meant for somebody else */
	TOKEN_OTHER_ISSUER,	/* made by somebody else */
	TOKEN_NO_EXPIRY,	/* it has no end, and needs one */
	TOKEN_NO_MEMORY,
};

/* What a token must be besides being genuine. */
struct token_rules {
	const char *audience;	/* NULL: a token that names one is refused */
	const char *issuer;	/* NULL: any */
	int64_t	    now_ms;	/* since 1970 */
	int64_t	    leeway_ms;	/* how much clocks may differ */
	bool	    may_last;	/* it needs no end */
};

/* A part of a sentence: "it is expired".  Static. */
const char *token_verdict_text(enum token_verdict v);
