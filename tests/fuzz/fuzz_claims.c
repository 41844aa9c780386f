/*
 * fuzz_claims.c: any bytes as the claims of a token.  What is read and written
 * again says the same.
 *
 * The first byte decides how times are written.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "token/claims.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_texts(const char *const *a, const char *const *b)
{
	size_t i;

	if (a == NULL || b == NULL)
		return a == b;
	for (i = 0; a[i] != NULL && b[i] != NULL; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return a[i] == b[i];
}

static void
check_bounds(const struct claims *c)
{
	size_t n = 0;

	assert(c->name == NULL || claims_is_text(slice_str(c->name)));
	assert(c->sub == NULL || claims_is_text(slice_str(c->sub)));
	assert(c->user_id >= 0);
	assert(c->exp >= CLAIMS_NEVER && c->exp <= WHEN_MAX);
	for (; c->roles != NULL && c->roles[n] != NULL; n++)
		assert(claims_is_text(slice_str(c->roles[n])));
	assert(n <= CLAIMS_LIST_MAX);
}

static void
check_again(const struct claims *c, enum claims_times times)
{
	struct buf out = { 0 };
	struct claims again;

	assert(claims_write(&out, c, times) == 0);
	/* Escapes may make a text longer than a token may be. */
	if (out.len <= TOKEN_MAX) {
		assert(claims_read(&again, buf_slice(&out), times) ==
		    TOKEN_OK);
		assert(same_text(again.sub, c->sub));
		assert(same_text(again.name, c->name));
		assert(same_text(again.iss, c->iss));
		assert(same_text(again.jti, c->jti));
		assert(same_texts(again.roles, c->roles));
		assert(same_texts(again.aud, c->aud));
		assert(again.user_id == c->user_id && again.exp == c->exp &&
		    again.nbf == c->nbf && again.iat == c->iat);
		claims_clear(&again);
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct token_rules rules = { .audience = "me",
	    .issuer = "you", .now_ms = 1767225600000, .leeway_ms = 30000 };
	enum claims_times times;
	struct claims c;

	if (size == 0)
		return 0;
	times = data[0] % 2 == 0 ? CLAIMS_TEXT_TIMES : CLAIMS_NUMERIC_TIMES;
	if (claims_read(&c, slice_of((const char *)data + 1, size - 1),
	    times) == TOKEN_OK) {
		check_bounds(&c);
		check_again(&c, times);
		if (claims_check(&c, &rules) == TOKEN_OK)
			assert(c.exp > 0 && c.aud != NULL && c.iss != NULL);
	}
	claims_clear(&c);
	return 0;
}
