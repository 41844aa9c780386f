/*
 * jwk_openssl.c: RSA and P-256 for JSON Web Tokens.
 *
 * OpenSSL keeps errors in a queue of the thread, which its TLS reads, too.  So
 * nothing here leaves one behind.
 */
#include "token/jwk_openssl.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "token/jwk.h"

#define RSA_LEAST	2048	/* bits; RFC 7518 section 3.3 */
#define RSA_MOST	8192	/* a check takes longer with each bit */
#define P256_SIZE	32	/* bytes of a coordinate */
#define P256_NAME	"prime256v1"

static const unsigned char *
bytes_of(struct slice s)
{
	return (const unsigned char *)s.p;
}

/* ---- keys ---- */

/* Make a public key of the parameters.  NULL if they make none. */
static EVP_PKEY *
make_key(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx != NULL && params != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY,
		    params);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static int
check_rsa(const EVP_PKEY *pkey, struct errbuf *e)
{
	int bits = EVP_PKEY_get_bits(pkey);

	if (bits >= RSA_LEAST && bits <= RSA_MOST)
		return 0;
	err_set(e, "the RSA key has %d bits, and not %d to %d", bits,
	    RSA_LEAST, RSA_MOST);
	return -1;
}

int
jwk_openssl_rsa(EVP_PKEY **out, struct slice n, struct slice exponent,
    struct errbuf *e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = NULL, *power = NULL;
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (n.len <= RSA_MOST / 8 + 1 && exponent.len <= 8) {
		modulus = BN_bin2bn(bytes_of(n), (int)n.len, NULL);
		power = BN_bin2bn(bytes_of(exponent), (int)exponent.len,
		    NULL);
	}
	/* With an even exponent, or 1, anybody could sign. */
	if (build != NULL && modulus != NULL && power != NULL &&
	    BN_is_odd(modulus) && BN_is_odd(power) && !BN_is_one(power) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) ==
	    1 && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E,
	    power) == 1) {
		params = OSSL_PARAM_BLD_to_param(build);
		pkey = make_key("RSA", params);
	}
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(modulus);
	BN_free(power);
	ERR_clear_error();
	if (pkey == NULL) {
		err_set(e, "\"n\" and \"e\" make no RSA key");
		return -1;
	}
	if (check_rsa(pkey, e) == -1) {
		EVP_PKEY_free(pkey);
		return -1;
	}
	*out = pkey;
	return 0;
}

int
jwk_openssl_p256(EVP_PKEY **out, struct slice x, struct slice y,
    struct errbuf *e)
{
	unsigned char point[1 + 2 * P256_SIZE] = {
	    POINT_CONVERSION_UNCOMPRESSED };
	char group[] = P256_NAME;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    point, sizeof(point)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *pkey = NULL;

	if (x.len == P256_SIZE && y.len == P256_SIZE) {
		memcpy(point + 1, x.p, P256_SIZE);
		memcpy(point + 1 + P256_SIZE, y.p, P256_SIZE);
		pkey = make_key("EC", params);
	}
	ERR_clear_error();
	if (pkey == NULL) {
		err_set(e, "\"x\" and \"y\" are no point of P-256");
		return -1;
	}
	*out = pkey;
	return 0;
}

void
jwk_openssl_free(EVP_PKEY *pkey)
{
	EVP_PKEY_free(pkey);
}

/* ---- PEM ---- */

static bool
is_p256(const EVP_PKEY *pkey)
{
	char group[32] = "";

	return EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) ==
	    1 && strcmp(group, P256_NAME) == 0;
}

/* Take over pkey, and choose the algorithm by its type. */
static int
take_key(struct jwk *k, EVP_PKEY *pkey, struct errbuf *e)
{
	size_t size = sizeof(k->ed25519);

	switch (EVP_PKEY_get_base_id(pkey)) {
	case EVP_PKEY_ED25519:
		k->alg = JWK_EDDSA;
		if (EVP_PKEY_get_raw_public_key(pkey, k->ed25519, &size) != 1)
			break;
		EVP_PKEY_free(pkey);
		return 0;
	case EVP_PKEY_RSA:
		k->alg = JWK_RS256;
		k->pkey = pkey;
		if (check_rsa(pkey, e) == 0)
			return 0;
		k->pkey = NULL;
		EVP_PKEY_free(pkey);
		return -1;
	case EVP_PKEY_EC:
		if (!is_p256(pkey))
			break;
		k->alg = JWK_ES256;
		k->pkey = pkey;
		return 0;
	default:
		break;
	}
	EVP_PKEY_free(pkey);
	err_set(e, "the key is neither Ed25519, RSA nor P-256");
	return -1;
}

static int
take_block(struct jwk *k, const char *name, const unsigned char *data,
    long len, struct errbuf *e)
{
	EVP_PKEY *pkey;

	if (strcmp(name, PEM_STRING_PUBLIC) != 0) {
		err_set(e, "it has a %.40s where a PUBLIC KEY is needed",
		    name);
		return -1;
	}
	if ((pkey = d2i_PUBKEY(NULL, &data, len)) == NULL) {
		err_set(e, "the public key in PEM is malformed");
		return -1;
	}
	return take_key(k, pkey, e);
}

int
jwk_openssl_pem(struct jwk *k, struct slice *text, struct errbuf *e)
{
	BIO *in = BIO_new_mem_buf(text->p, (int)text->len);
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long len = 0;
	int rc = -1;

	if (in == NULL) {
		err_set(e, "out of memory");
	} else if (PEM_read_bio(in, &name, &header, &data, &len) == 1) {
		rc = take_block(k, name, data, len, e);
		text->p += text->len - BIO_ctrl_pending(in);
		text->len = BIO_ctrl_pending(in);
	} else if (ERR_GET_REASON(ERR_peek_last_error()) ==
	    PEM_R_NO_START_LINE) {
		text->len = 0;
		rc = 1;
	} else {
		err_set(e, "the PEM is malformed");
	}
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_clear_free(data, (size_t)len);
	BIO_free(in);
	ERR_clear_error();
	return rc;
}

/* ---- signatures ---- */

/* JWT has the two numbers behind each other; OpenSSL wants DER.  The length of
 * that, or -1. */
static int
make_der(unsigned char **out, struct slice signature)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r, *s;
	int len = -1;

	if (sig == NULL || signature.len != 2 * P256_SIZE)
		goto out;
	r = BN_bin2bn(bytes_of(signature), P256_SIZE, NULL);
	s = BN_bin2bn(bytes_of(signature) + P256_SIZE, P256_SIZE, NULL);
	if (r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		goto out;
	}
	len = i2d_ECDSA_SIG(sig, out);
out:
	ECDSA_SIG_free(sig);
	return len;
}

bool
jwk_openssl_verify(const struct jwk *k, struct slice text,
    struct slice signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char *der = NULL;
	int len = 0;
	bool right = false;

	if (k->alg == JWK_ES256) {
		if ((len = make_der(&der, signature)) <= 0)
			goto out;
		signature = slice_of((const char *)der, (size_t)len);
	}
	right = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(),
	    NULL, k->pkey) == 1 && EVP_DigestVerify(ctx, bytes_of(signature),
	    signature.len, bytes_of(text), text.len) == 1;
out:
	OPENSSL_free(der);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return right;
}
