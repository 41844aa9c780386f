/*
 * t_jwt.c: JSON Web Tokens: the vectors of the RFCs, files of keys, and the
 * attacks that are known.
 */
#include "token/jwt.h"

#include <openssl/err.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "token/base64url.h"
#include "tap.h"
#include "vectors.h"

#define NOW	INT64_C(1767225600000)	/* 2026-01-01 */
#define CLAIMS	"{\"sub\":\"anna\",\"exp\":1767225660}"

/* A public key of 2048 bits that nobody has the other part of: all that
 * matters is its form. */
#define RSA_N								\
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHm"	\
	"fHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"	\
	"YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5"	\
	"z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"	\
	"Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia"	\
	"GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define RSA	"{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\""
#define SECRET	"0123456789abcdef0123456789abcdef"
#define OCT								\
	"{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\""

static const struct token_rules rules = { .now_ms = NOW };

/* ---- the vectors ---- */

static struct jwks
make_keys(const char *text)
{
	struct jwks keys = { 0 };
	struct errbuf e = { "" };

	tap_int(jwks_add(&keys, slice_str(text), &e), 0, "keys are read%s%s",
	    e.msg[0] ? ": " : "", e.msg);
	return keys;
}

static void
check_every_change(const struct jwks *keys, struct slice token,
    const char *name)
{
	struct buf copy = { 0 }, payload = { 0 };
	size_t i, open = 0;

	(void)buf_add_slice(&copy, token);
	for (i = 0; i < copy.len; i++) {
		char was = copy.data[i];

		copy.data[i] = was == 'A' ? 'B' : 'A';
		open += jwt_open(keys, buf_slice(&copy), &payload) ==
		    TOKEN_OK;
		copy.data[i] = was;
		open += jwt_open(keys, slice_of(copy.data, i), &payload) ==
		    TOKEN_OK;
	}
	tap_int(open, 0, "%s: no character may change or be missing", name);
	tap_int(payload.len, 0, "%s: and nothing is given away", name);
	buf_clear(&copy);
	buf_clear(&payload);
}

static void
check_vector(const struct vector *v)
{
	struct jwks keys = make_keys(v->how);
	struct buf payload = { 0 };
	enum token_verdict verdict = jwt_open(&keys, v->input, &payload);

	if (strcmp(v->want, "malformed") == 0) {
		tap_int(verdict, TOKEN_MALFORMED, "line %zu: malformed",
		    v->line);
	} else {
		tap_int(verdict, TOKEN_OK, "line %zu: genuine", v->line);
		tap_slice(buf_slice(&payload), v->want, "line %zu: it says",
		    v->line);
		check_every_change(&keys, v->input, v->how);
	}
	tap_int((int64_t)ERR_peek_error(), 0,
	    "line %zu: no error remains for TLS", v->line);
	buf_clear(&payload);
	jwks_clear(&keys);
}

/* ---- tokens ---- */

/* Append HEAD.CLAIMS.MAC with that secret. */
static void
make_hs256(struct buf *out, const char *head, const char *claims,
    struct slice secret)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	buf_reset(out);
	(void)base64url_encode(out, slice_str(head));
	(void)buf_add_char(out, '.');
	(void)base64url_encode(out, slice_str(claims));
	(void)crypto_auth_hmacsha256_init(&state,
	    (const unsigned char *)secret.p, secret.len);
	(void)crypto_auth_hmacsha256_update(&state,
	    (const unsigned char *)out->data, out->len);
	(void)crypto_auth_hmacsha256_final(&state, mac);
	(void)buf_add_char(out, '.');
	(void)base64url_encode(out, slice_of((const char *)mac,
	    sizeof(mac)));
}

static enum token_verdict
verdict_of(const struct jwks *keys, struct slice token)
{
	struct claims c;
	enum token_verdict v = jwt_verify(&c, keys, token, &rules);

	claims_clear(&c);
	return v;
}

static void
check_head(const struct jwks *keys, const char *head,
    enum token_verdict want)
{
	struct buf token = { 0 };

	make_hs256(&token, head, CLAIMS, SLICE(SECRET));
	tap_int(verdict_of(keys, buf_slice(&token)), want, "%s", head);
	buf_clear(&token);
}

static void
test_heads(void)
{
	static const char *const bad[] = {
		"{}", "[]", "", "{\"alg\":\"none\"}", "{\"alg\":\"None\"}",
		"{\"alg\":\"hs256\"}", "{\"alg\":\"HS512\"}", "{\"alg\":7}",
		"{\"alg\":null}", "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
		"{\"alg\":\"none\",\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"a\\u006cg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
		"{\"alg\":\"HS256\",\"crit\":[]}",
		"{\"alg\":\"HS256\",\"b64\":false}",
		"{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
		"{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}",
		"{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\"}",
		"{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}",
		"{\"alg\":\"HS256\",\"typ\":7}",
		"{\"alg\":\"HS256\",\"kid\":7}",
		"{\"alg\":\"HS256\",\"kid\":\"a\",\"kid\":\"a\"}",
		"{\"alg\":\"HS256\"}x", "{\"alg\":\"HS256\",\"x\":[[[[]]]]}",
	};
	static const char *const good[] = {
		"{\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
		"{\"typ\":\"at+JWT\",\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"kid\":\"any\"}",
		"{\"alg\":\"HS256\",\"jwk\":{},\"jku\":\"http://x/\"}",
	};
	struct jwks keys = make_keys(OCT "}");
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_head(&keys, bad[i], TOKEN_MALFORMED);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_head(&keys, good[i], TOKEN_OK);
	jwks_clear(&keys);
}

/* What everybody knows, the public key, as the secret of HS256. */
static void
test_confusion(void)
{
	struct jwks rsa = make_keys(RSA "}");
	struct jwks both = make_keys("{\"keys\":[" RSA ",\"kid\":\"r\"},"
	    OCT ",\"kid\":\"o\"}]}");
	struct buf token = { 0 }, n = { 0 };

	(void)base64url_decode(&n, SLICE(RSA_N));
	make_hs256(&token, "{\"alg\":\"HS256\"}", CLAIMS, buf_slice(&n));
	tap_int(verdict_of(&rsa, buf_slice(&token)), TOKEN_UNKNOWN_KEY,
	    "an RSA key checks no HS256");
	tap_int(verdict_of(&both, buf_slice(&token)), TOKEN_BAD_SIGNATURE,
	    "nor beside a secret");
	make_hs256(&token, "{\"alg\":\"HS256\",\"kid\":\"r\"}", CLAIMS,
	    SLICE(SECRET));
	tap_int(verdict_of(&both, buf_slice(&token)), TOKEN_UNKNOWN_KEY,
	    "nor if it is named");
	make_hs256(&token, "{\"alg\":\"RS256\",\"kid\":\"o\"}", CLAIMS,
	    SLICE(SECRET));
	tap_int(verdict_of(&both, buf_slice(&token)), TOKEN_UNKNOWN_KEY,
	    "a secret checks no RS256");
	make_hs256(&token, "{\"alg\":\"RS256\"}", CLAIMS, SLICE(SECRET));
	tap_int(verdict_of(&both, buf_slice(&token)), TOKEN_BAD_SIGNATURE,
	    "a MAC is no signature of RSA");
	make_hs256(&token, "{\"alg\":\"HS256\",\"kid\":\"o\"}", CLAIMS,
	    SLICE(SECRET));
	tap_int(verdict_of(&both, buf_slice(&token)), TOKEN_OK,
	    "the secret checks what it is named for");
	buf_clear(&token);
	buf_clear(&n);
	jwks_clear(&rsa);
	jwks_clear(&both);
}

static void
test_claims(void)
{
	static const struct {
		const char *claims;
		enum token_verdict want;
	} rows[] = {
		{ CLAIMS, TOKEN_OK },
		{ "{\"sub\":\"a\",\"exp\":1767225600}", TOKEN_EXPIRED },
		{ "{\"sub\":\"a\"}", TOKEN_NO_EXPIRY },
		{ "{\"exp\":\"2026-01-02T00:00:00Z\"}", TOKEN_MALFORMED },
		{ "{\"exp\":1767225660,\"nbf\":1767225601}", TOKEN_EARLY },
		{ "{\"exp\":1767225660,\"aud\":\"x\"}",
		    TOKEN_OTHER_AUDIENCE },
		{ "[1]", TOKEN_MALFORMED },
	};
	struct jwks keys = make_keys(OCT "}");
	struct buf token = { 0 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_hs256(&token, "{\"alg\":\"HS256\"}", rows[i].claims,
		    SLICE(SECRET));
		tap_int(verdict_of(&keys, buf_slice(&token)), rows[i].want,
		    "%s", rows[i].claims);
	}
	(void)buf_add_char(&token, '.');
	tap_int(verdict_of(&keys, buf_slice(&token)), TOKEN_MALFORMED,
	    "four parts");
	tap_ok(!jwt_is(SLICE("a.b")) && !jwt_is(SLICE(".a.b")) &&
	    jwt_is(SLICE("a.b.c")) && !jwt_is(SLICE("a.b.c.d.e")),
	    "three parts are one");
	buf_clear(&token);
	jwks_clear(&keys);
}

/* ---- keys ---- */

static void
check_bad_keys(const char *text, const char *why)
{
	struct jwks keys = { 0 };
	struct errbuf e = { "" };

	tap_int(jwks_add(&keys, slice_str(text), &e), -1, "refused: %s", why);
	tap_str(e.msg, why, "and it says so");
	jwks_clear(&keys);
}

#define NONE								\
	"no key in it can check tokens: it takes one for EdDSA, ES256, " \
	"HS256 or RS256"

static void
test_bad_keys(void)
{
	check_bad_keys("hello", "neither PEM nor JSON: expected a value at "
	    "byte 1");
	check_bad_keys("[]", "a JWK or JWK Set is an object");
	check_bad_keys("{\"keys\":{}}", "\"keys\" is not a list");
	check_bad_keys("{\"keys\":[7]}", "key 1: not an object");
	check_bad_keys("{}", NONE);
	check_bad_keys("{\"keys\":[]}", NONE);
	check_bad_keys(RSA ",\"use\":\"enc\"}", NONE);
	check_bad_keys(RSA ",\"alg\":\"PS256\"}", NONE);
	check_bad_keys(RSA ",\"key_ops\":[\"encrypt\"]}", NONE);
	check_bad_keys("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
	    NONE);
	check_bad_keys(RSA ",\"d\":\"AA\"}",
	    "it is a private key: give its public one");
	check_bad_keys("{\"kty\":\"RSA\",\"n\":\"wQ\",\"e\":\"AQAB\"}",
	    "the RSA key has 8 bits, and not 2048 to 8192");
	check_bad_keys("{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"}",
	    "\"n\" and \"e\" make no RSA key");
	check_bad_keys("{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"Ag\"}",
	    "\"n\" and \"e\" make no RSA key");
	check_bad_keys("{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}",
	    "the secret has 5 bytes, and not 32 to 1024");
	check_bad_keys("{\"kty\":\"oct\",\"k\":\"c2hvcnQ=\"}",
	    "\"k\" is not a text in base64url");
	check_bad_keys("{\"kty\":\"oct\"}",
	    "\"k\" is not a text in base64url");
	check_bad_keys("{\"x\":\"AAAA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\"}",
	    "\"x\" has 3 bytes, not 32");
	check_bad_keys("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1"
	    "Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue65"
	    "9LNpXW6pCyStikYjKIWI5aA\"}",
	    "\"x\" and \"y\" are no point of P-256");
	check_bad_keys(OCT ",\"kid\":7}", "\"kid\" is not a string");
}

#define PEM_ED25519 "-----BEGIN PUBLIC KEY-----\n"			\
	"MCowBQYDK2VwAyEAHrnbu7wEfAP9cGBOAHHwmH4Wsot1ciXBHwBBXQ4gsaI=\n" \
	"-----END PUBLIC KEY-----\n"
#define PEM_PRIVATE "-----BEGIN PRIVATE KEY-----\n"			\
	"MC4CAQAwBQYDK2VwBCIEILTL+0PfTOIQcn2VPkpxMwf6Gbt9n4UEFDjZ4RuUKjd" \
	"0\n"								\
	"-----END PRIVATE KEY-----\n"

static void
test_pem(void)
{
	struct jwks keys = make_keys("# a comment\n" PEM_ED25519 "\n"
	    PEM_ED25519);

	tap_int(keys.n, 2, "two keys in PEM");
	tap_ok(keys.n == 2 && keys.v[1].alg == JWK_EDDSA &&
	    keys.v[1].kid == NULL && keys.v[1].ed25519[0] == 0x1e,
	    "for EdDSA");
	jwks_clear(&keys);
	check_bad_keys(PEM_PRIVATE,
	    "it has a PRIVATE KEY where a PUBLIC KEY is needed");
	check_bad_keys("-----BEGIN PUBLIC KEY-----\nAAAA\n"
	    "-----END PUBLIC KEY-----\n",
	    "the public key in PEM is malformed");
	check_bad_keys("-----BEGIN PUBLIC KEY-----\nMCow\n",
	    "the PEM is malformed");
	tap_int((int64_t)ERR_peek_error(), 0, "no error remains for TLS");
}

/* As Keycloak hands it out: a key for encryption, too. */
static void
test_set(void)
{
	struct jwks keys = make_keys("{\"keys\":[" RSA ",\"use\":\"enc\","
	    "\"alg\":\"RSA-OAEP\",\"kid\":\"e\"}," RSA ",\"use\":\"sig\","
	    "\"alg\":\"RS256\",\"kid\":\"s\",\"x5c\":[\"AA==\"]},"
	    "{\"kty\":\"new\"}]}");

	tap_int(keys.n, 1, "keys for another use are skipped");
	tap_str(keys.n > 0 ? keys.v[0].kid : NULL, "s", "the other stays");
	jwks_clear(&keys);
}

static void
test_file(void)
{
	char path[] = "/tmp/t_jwt.XXXXXX", want[128];
	struct errbuf warning = { "" }, e = { "" };
	struct jwks keys = { 0 };
	int fd = mkstemp(path);

	(void)dprintf(fd, "%s}\n", OCT);
	tap_int(jwks_load(&keys, path, &warning, &e), 0, "a secret");
	tap_str(warning.msg, "", "of which only its owner knows");
	(void)fchmod(fd, 0644);
	tap_int(jwks_load(&keys, path, &warning, &e), 0, "a secret");
	(void)snprintf(want, sizeof(want), "%s: other users may read or "
	    "change it: chmod o= %s", path, path);
	tap_str(warning.msg, want, "that everybody may read");
	(void)unlink(path);
	tap_int(jwks_load(&keys, path, &warning, &e), -1, "no file");
	(void)snprintf(want, sizeof(want), "%s: cannot open: No such file "
	    "or directory", path);
	tap_str(e.msg, want, "and it says so");
	(void)close(fd);
	jwks_clear(&keys);
}

int
main(void)
{
	if (sodium_init() == -1)
		return 1;
	vectors_run("tests/vectors/jwt.txt", check_vector);
	test_heads();
	test_confusion();
	test_claims();
	test_bad_keys();
	test_pem();
	test_set();
	test_file();
	return tap_done();
}
