/*
 * fuzz_jwt.c: any bytes as a JSON Web Token, and, with a line end between them,
 * as the head and the claims of one that is genuine.
 */
#include <assert.h>
#include <openssl/err.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "token/base64url.h"
#include "token/jwt.h"

#define SECRET	"0123456789abcdef0123456789abcdef"
#define KEYS								\
	"{\"keys\":[{\"kty\":\"oct\",\"kid\":\"o\",\"k\":"		\
	"\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"},"		\
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"			\
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},"		\
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\","		\
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","	\
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct token_rules rules = { .now_ms = 1767225600000 };

static void
make_token(struct buf *out, struct slice head, struct slice claims)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	assert(base64url_encode(out, head) == 0 &&
	    buf_add_char(out, '.') == 0 &&
	    base64url_encode(out, claims) == 0);
	(void)crypto_auth_hmacsha256_init(&state,
	    (const unsigned char *)SECRET, sizeof(SECRET) - 1);
	(void)crypto_auth_hmacsha256_update(&state,
	    (const unsigned char *)out->data, out->len);
	(void)crypto_auth_hmacsha256_final(&state, mac);
	assert(buf_add_char(out, '.') == 0 && base64url_encode(out,
	    slice_of((const char *)mac, sizeof(mac))) == 0);
}

/* Whatever the head is, only HS256 opens a token that was made with it. */
static void
check_made(const struct jwks *keys, struct slice input)
{
	const char *end = memchr(input.p, '\n', input.len);
	struct buf token = { 0 }, payload = { 0 };
	struct slice head, claims;
	struct claims c;

	if (end == NULL)
		return;
	head = slice_of(input.p, (size_t)(end - input.p));
	claims = slice_of(end + 1, input.len - head.len - 1);
	make_token(&token, head, claims);
	if (jwt_open(keys, buf_slice(&token), &payload) == TOKEN_OK) {
		assert(slice_eq(buf_slice(&payload), claims));
		assert(memmem(head.p, head.len, "HS256", 5) != NULL ||
		    memchr(head.p, '\\', head.len) != NULL);
	}
	(void)jwt_verify(&c, keys, buf_slice(&token), &rules);
	claims_clear(&c);
	buf_clear(&token);
	buf_clear(&payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of((const char *)data, size);
	struct buf head = { 0 }, payload = { 0 };
	struct jwks keys = { 0 };
	struct claims c;
	struct errbuf e;

	if (size == 0)
		return 0;
	if (sodium_init() == -1 || jwks_add(&keys, SLICE(KEYS), &e) == -1)
		abort();
	if (jwt_unchecked(&head, &payload, input) == TOKEN_OK)
		assert(jwt_is(input));
	(void)jwt_verify(&c, &keys, input, &rules);
	claims_clear(&c);
	check_made(&keys, input);
	assert(ERR_peek_error() == 0);
	buf_clear(&head);
	buf_clear(&payload);
	jwks_clear(&keys);
	return 0;
}
