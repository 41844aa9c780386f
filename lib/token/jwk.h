/*
 * jwk.h: the keys that check JSON Web Tokens: JWK and JWK Sets (RFC 7517), as
 * identity providers hand them out, or public keys in PEM.
 *
 *	kty "OKP", crv "Ed25519"	EdDSA
 *	kty "oct", of 32 bytes or more	HS256
 *	kty "RSA", of 2048 bits or more	RS256
 *	kty "EC", crv "P-256"		ES256
 *
 * A key has one algorithm, which its type decides.  So a token can never choose
 * it: that an RSA key, which everybody knows, is taken for the secret of HS256
 * is a well-known attack.
 *
 * No library for JWT is used.  Debian 12 has four.  libjwt 1.10, cjose 0.6 and
 * jose 11 know no EdDSA, and libjwt no JWK.  rhonabwy knows both, but it
 * brings GnuTLS, Nettle and curl into a broker that has OpenSSL and libsodium
 * already.  What remains beside these two is little: three texts in base64url,
 * and a JSON object that our own scanner reads.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/slice.h"

struct evp_pkey_st;

enum jwk_algorithm { JWK_EDDSA, JWK_HS256, JWK_RS256, JWK_ES256 };

#define JWK_ED25519_SIZE	32

struct jwk {
	enum jwk_algorithm alg;
	char	*kid;		/* owned; NULL: tokens of any kid are tried */
	unsigned char ed25519[JWK_ED25519_SIZE];
	struct secret secret;	/* owned; of HS256 */
	struct evp_pkey_st *pkey; /* owned; of RS256 and ES256 */
};

/* Zeroed: none. */
struct jwks {
	struct jwk *v;		/* owned */
	size_t	    n;		/* at most TOKEN_KEYS_MAX */
};

/*
 * Add the keys of a text.  Keys of a JWK Set that are of another type, or for
 * another use such as encryption, are skipped, as RFC 7517 section 5 asks; it
 * is an error if no key remains.  0, or -1 with *e filled.
 */
int	jwks_add(struct jwks *keys, struct slice text, struct errbuf *e);

/* The same for a file.  *warning is filled if it has a secret that other users
 * may read; it may be NULL.  Both name the path.  0 or -1. */
int	jwks_load(struct jwks *keys, const char *path, struct errbuf *warning,
	    struct errbuf *e);

/* The algorithm of that name, "RS256".  0, or -1. */
int	jwk_algorithm(enum jwk_algorithm *out, struct slice name);

/* Overwrite the keys, and free them. */
void	jwks_clear(struct jwks *keys);
