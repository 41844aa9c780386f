/*
 * jwk_openssl.h: keys and signatures of JSON Web Tokens for which libsodium has
 * no functions: RSA and NIST's curve P-256.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct evp_pkey_st;
struct jwk;

/* Make an RSA key of modulus and exponent, big-endian.  0, or -1 with *e
 * filled. */
int	jwk_openssl_rsa(struct evp_pkey_st **out, struct slice n,
	    struct slice exponent, struct errbuf *e);

/* Make a key of a point of P-256.  0, or -1 with *e filled. */
int	jwk_openssl_p256(struct evp_pkey_st **out, struct slice x,
	    struct slice y, struct errbuf *e);

/* Read the first public key in PEM of the text into the zeroed *k; *text moves
 * behind it.  0; 1 if there is none any more; or -1 with *e filled. */
int	jwk_openssl_pem(struct jwk *k, struct slice *text, struct errbuf *e);

void	jwk_openssl_free(struct evp_pkey_st *pkey);

/* Whether the signature of the text was made with the key of RS256 or ES256. */
bool	jwk_openssl_verify(const struct jwk *k, struct slice text,
	    struct slice signature);
