/*
 * fuzz_jwk.c: any bytes as a file of keys for JSON Web Tokens: JWK, JWK Set or
 * PEM.  Keys that are read check tokens without harm.
 */
#include <assert.h>
#include <openssl/err.h>
#include <sodium.h>
#include <stdlib.h>

#include "token/jwk.h"
#include "token/jwt.h"
#include "token/token.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIGNATURE							\
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8I"	\
	"SlSApmWQxfKTUJqPP3-Kg6NU1Q"

/* One of each algorithm: the head says which. */
static const char *const tokens[] = {
	"eyJhbGciOiJFZERTQSJ9.e30." SIGNATURE,
	"eyJhbGciOiJIUzI1NiJ9.e30." SIGNATURE,
	"eyJhbGciOiJSUzI1NiJ9.e30." SIGNATURE,
	"eyJhbGciOiJFUzI1NiJ9.e30." SIGNATURE,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jwks keys = { 0 };
	struct buf payload = { 0 };
	struct errbuf e = { "" };
	size_t i;
	int rc;

	if (sodium_init() == -1)
		abort();
	rc = jwks_add(&keys, slice_of((const char *)data, size), &e);
	assert(keys.n <= TOKEN_KEYS_MAX);
	assert(rc == 0 ? keys.n > 0 : e.msg[0] != '\0');
	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		assert(jwt_open(&keys, slice_str(tokens[i]), &payload) !=
		    TOKEN_OK);
	assert(ERR_peek_error() == 0);
	buf_clear(&payload);
	jwks_clear(&keys);
	return 0;
}
