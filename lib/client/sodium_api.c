/*
 * sodium_api.c: libsodium, loaded when a tool logs in with a secret.
 */
#include "client/sodium_api.h"

#include "base/library.h"

#define SODIUM_SONAME	"libsodium.so.23"

#define ROW(fn)	{ #fn, offsetof(struct sodium_api, fn) }

static const struct library_symbol sodium_symbols[] = {
	ROW(crypto_auth_hmacsha256_final),
	ROW(crypto_auth_hmacsha256_init),
	ROW(crypto_auth_hmacsha256_update),
	ROW(crypto_hash_sha512_final),
	ROW(crypto_hash_sha512_init),
	ROW(crypto_hash_sha512_update),
	ROW(sodium_bin2base64),
};

/* None of these needs sodium_init(): they use no random numbers. */
int
sodium_api_load(struct sodium_api *api, struct errbuf *e)
{
	if (library_load(api, SODIUM_SONAME, sodium_symbols,
	    sizeof(sodium_symbols) / sizeof(sodium_symbols[0]), e) == 0)
		return 0;
	err_wrap(e, "logging in needs libsodium");
	return -1;
}
