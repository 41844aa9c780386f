/*
 * bench_tokens.c: how long the check of a token takes, of each kind.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "token/base64url.h"
#include "token/jwt.h"
#include "token/paseto_keys.h"

#define BENCH_US	300000	/* time spent on each kind */
#define BENCH_BATCH	100	/* checks between two looks at the clock */
#define NOW		INT64_C(1300819379000)	/* when the JWT is valid */

/* RFC 7515, A.2. */
#define RSA								\
	"{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""			\
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHm"	\
	"fHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"	\
	"YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5"	\
	"z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"	\
	"Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia"	\
	"GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}"
#define RS256								\
	"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkz" \
	"ODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."	\
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5R"	\
	"Zmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ"	\
	"jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"	\
	"MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"	\
	"FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq"	\
	"Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

static const struct token_rules rules = { .now_ms = NOW };

struct bench {
	struct paseto_keys paseto;
	struct jwks	   jwks;
	struct buf	   token;
};

static enum token_verdict
check(const struct bench *b, bool jwt)
{
	struct claims c;
	enum token_verdict v = jwt ?
	    jwt_verify(&c, &b->jwks, buf_slice(&b->token), &rules) :
	    paseto_verify(&c, &b->paseto, buf_slice(&b->token), &rules);

	claims_clear(&c);
	return v;
}

/* Microseconds of processor time: others may use the machine, too. */
static int64_t
spent_us(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

static void
measure(const char *name, const struct bench *b, bool jwt,
    enum token_verdict want)
{
	int64_t start = spent_us(), spent;
	size_t n = 0;

	do {
		for (int i = 0; i < BENCH_BATCH; i++)
			if (check(b, jwt) != want) {
				fprintf(stderr, "%s: another verdict\n",
				    name);
				return;
			}
		n += BENCH_BATCH;
	} while ((spent = spent_us() - start) < BENCH_US);
	printf("%-28s %6zu bytes %8.1f us\n", name, b->token.len,
	    (double)spent / (double)n);
}

/* A token as an application makes it. */
static int
make_paseto(struct bench *b, enum paserk_type type)
{
	const char *const roles[] = { "admin", "sales", NULL };
	const struct claims c = { .name = "anna", .user_id = 7,
	    .roles = roles, .jti = "0123456789abcdef", .iat = NOW,
	    .exp = NOW + 60000, .nbf = CLAIMS_NEVER };
	struct buf text = { 0 };
	struct paserk key;
	struct errbuf e;
	int rc;

	paseto_keys_clear(&b->paseto);
	buf_reset(&b->token);
	paserk_make(&key, type);
	rc = paserk_write(&text, &key) == 0 &&
	    paseto_keys_add(&b->paseto, buf_slice(&text), &e) == 0 ?
	    paseto_issue(&b->token, &b->paseto.v[0], &c) : -1;
	buf_clear(&text);
	return rc;
}

int
main(void)
{
	struct bench b = { .token = { 0 } };
	struct errbuf e;

	if (sodium_init() == -1)
		return 1;
	if (make_paseto(&b, PASERK_SECRET) == 0) {
		measure("v4.public", &b, false, TOKEN_OK);
		b.token.data[30] ^= 1;
		measure("v4.public, changed", &b, false,
		    TOKEN_BAD_SIGNATURE);
	}
	if (make_paseto(&b, PASERK_LOCAL) == 0)
		measure("v4.local", &b, false, TOKEN_OK);
	buf_reset(&b.token);
	if (jwks_add(&b.jwks, SLICE(RSA), &e) == 0 &&
	    buf_add_str(&b.token, RS256) == 0)
		measure("JWT, RS256", &b, true, TOKEN_OK);
	paseto_keys_clear(&b.paseto);
	jwks_clear(&b.jwks);
	buf_clear(&b.token);
	return 0;
}
