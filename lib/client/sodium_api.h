/*
 * sodium_api.h: loads libsodium when a tool logs in with a secret.
 */
#pragma once

#include <sodium.h>

#include "base/err.h"

/* The functions that are called, with the types of the header. */
struct sodium_api {
	__typeof__(&crypto_auth_hmacsha256_final)
				       crypto_auth_hmacsha256_final;
	__typeof__(&crypto_auth_hmacsha256_init) crypto_auth_hmacsha256_init;
	__typeof__(&crypto_auth_hmacsha256_update)
				       crypto_auth_hmacsha256_update;
	__typeof__(&crypto_hash_sha512)	       crypto_hash_sha512;
	__typeof__(&sodium_bin2base64)	       sodium_bin2base64;
};

/* Load libsodium and fill the table.  0, or -1 with *e filled. */
int	sodium_api_load(struct sodium_api *api, struct errbuf *e);
