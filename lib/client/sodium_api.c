/*
 * sodium_api.c: libsodium, loaded when a tool logs in with a secret.
 */
#include "client/sodium_api.h"

#include "base/library.h"

#define ROW(fn)	LIBRARY_ROW(sodium_api, fn)

static const struct library_symbol sodium_symbols[] = {
	ROW(crypto_auth_hmacsha256_final),
	ROW(crypto_auth_hmacsha256_init),
	ROW(crypto_auth_hmacsha256_update),
	ROW(crypto_hash_sha512),
	ROW(sodium_bin2base64),
	{ .name = NULL }
};

static const struct library libsodium = {
	"libsodium.so.23", "login needs libsodium", sodium_symbols
};

/* None of these needs sodium_init(): they use no random numbers. */
int
sodium_api_load(struct sodium_api *api, struct errbuf *e)
{
	return library_load(api, &libsodium, e);
}
