/*
 * token.c: what is common to tokens of all kinds.
 */
#include "token/token.h"

const char *
token_verdict_text(enum token_verdict v)
{
	static const char *const texts[] = {
		[TOKEN_OK] = "it is valid",
		[TOKEN_MALFORMED] = "it is malformed",
		[TOKEN_UNKNOWN_KEY] = "its key is unknown",
		[TOKEN_BAD_SIGNATURE] = "its signature is wrong",
		[TOKEN_EXPIRED] = "it is expired",
		[TOKEN_EARLY] = "it is not valid yet",
		[TOKEN_OTHER_AUDIENCE] = "it is for another audience",
		[TOKEN_OTHER_ISSUER] = "it is from another issuer",
		[TOKEN_NO_EXPIRY] = "it never expires",
		[TOKEN_NO_MEMORY] = "out of memory",
	};

	return texts[v];
}
