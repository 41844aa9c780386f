/*
 * jwt.c: JSON Web Tokens.
 */
#include "token/jwt.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "proto/json.h"
#include "token/base64url.h"
#include "token/jwk_openssl.h"

#define HEAD_MAX	4096	/* bytes; it may bring certificates */
#define HEAD_DEPTH	4

/* The parts of a token, in base64url. */
struct parts {
	struct slice head, claims, signature;
	struct slice signed_text;	/* the first two, with the dot */
};

/* What a head says that matters here. */
struct head {
	enum jwk_algorithm alg;
	struct buf kid;
	bool	   has_alg, has_kid;
};

/* ---- taking apart ---- */

static bool
split(struct parts *out, struct slice token)
{
	const char *end = token.p + token.len, *first, *second;

	if (token.len == 0 || token.len > TOKEN_MAX)
		return false;
	first = memchr(token.p, '.', token.len);
	if (first == NULL || first == token.p)
		return false;
	second = memchr(first + 1, '.', (size_t)(end - first - 1));
	if (second == NULL || memchr(second + 1, '.',
	    (size_t)(end - second - 1)) != NULL)
		return false;
	out->head = slice_of(token.p, (size_t)(first - token.p));
	out->claims = slice_of(first + 1, (size_t)(second - first - 1));
	out->signature = slice_of(second + 1, (size_t)(end - second - 1));
	out->signed_text = slice_of(token.p, (size_t)(second - token.p));
	return true;
}

bool
jwt_is(struct slice token)
{
	struct parts p;

	return split(&p, token);
}

enum token_verdict
jwt_unchecked(struct buf *head, struct buf *claims, struct slice token)
{
	struct parts p;

	return split(&p, token) && base64url_decode(head, p.head) == 0 &&
	    base64url_decode(claims, p.claims) == 0 ? TOKEN_OK :
	    TOKEN_MALFORMED;
}

/* ---- the head ---- */

/* "typ" is a media type, mostly without "application/". */
static bool
is_our_type(struct slice typ)
{
	static const char *const ours[] = { "JWT", "at+jwt",
	    "application/jwt", "application/at+jwt" };
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (typ.len == strlen(ours[i]) &&
		    strncasecmp(typ.p, ours[i], typ.len) == 0)
			return true;
	return false;
}

static bool
read_alg(struct head *h, struct slice text)
{
	bool again = h->has_alg;

	h->has_alg = true;
	return !again && jwk_algorithm(&h->alg, text) == 0;
}

static bool
read_kid(struct head *h, struct slice text)
{
	bool again = h->has_kid;

	h->has_kid = true;
	return !again && buf_add_slice(&h->kid, text) == 0;
}

static bool
read_typ(struct head *h, struct slice text)
{
	(void)h;
	return is_our_type(text);
}

/* Extensions that must be understood ("crit"), and tokens that are made of
 * another one ("cty") or are encrypted ("enc"): there are none here. */
static bool
read_refused(struct head *h, struct slice text)
{
	(void)h;
	(void)text;
	return false;
}

static const struct {
	const char *name;
	bool	  (*read)(struct head *h, struct slice text);
} members[] = {
	{ "alg", read_alg },
	{ "kid", read_kid },
	{ "typ", read_typ },
	{ "crit", read_refused },
	{ "cty", read_refused },
	{ "enc", read_refused },
	{ "b64", read_refused },
};

static bool
read_member(struct head *h, const struct json_elem *key,
    const struct json_elem *value, struct buf *scratch)
{
	struct slice name, text = { "", 0 };
	size_t i;

	if (json_string(&name, key, scratch) == -1)
		return false;
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (!slice_eq(name, slice_str(members[i].name)))
			continue;
		/* The name is not needed any more. */
		return (value->type == JSON_STRING ?
		    json_string(&text, value, scratch) == 0 :
		    members[i].read == read_refused) &&
		    members[i].read(h, text);
	}
	return true;
}

/* Whether the head is one that we understand. */
static bool
read_head(struct head *out, struct slice text)
{
	struct buf json = { 0 }, scratch = { 0 };
	struct json_elem whole, key, value;
	struct json_error je;
	struct slice rest;
	bool good = false;

	if (text.len > HEAD_MAX || base64url_decode(&json, text) == -1 ||
	    json_scan_value(buf_slice(&json), HEAD_DEPTH, &whole, &je) ==
	    -1 || whole.type != JSON_OBJECT)
		goto out;
	good = true;
	for (rest = json_inside(whole.text); good &&
	    json_next_member(&rest, &key, &value);)
		good = read_member(out, &key, &value, &scratch);
	good = good && out->has_alg;
out:
	buf_clear(&json);
	buf_clear(&scratch);
	return good;
}

/* ---- checking ---- */

static bool
verify(const struct jwk *k, struct slice text, struct slice signature)
{
	const unsigned char *sig = (const unsigned char *)signature.p;
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	switch (k->alg) {
	case JWK_EDDSA:
		return signature.len == crypto_sign_BYTES &&
		    crypto_sign_verify_detached(sig, p, text.len,
		    k->ed25519) == 0;
	case JWK_HS256:
		(void)crypto_auth_hmacsha256_init(&state,
		    (const unsigned char *)k->secret.bytes, k->secret.len);
		(void)crypto_auth_hmacsha256_update(&state, p, text.len);
		(void)crypto_auth_hmacsha256_final(&state, mac);
		return signature.len == sizeof(mac) &&
		    sodium_memcmp(mac, sig, sizeof(mac)) == 0;
	case JWK_RS256:
	case JWK_ES256:
	default:
		return jwk_openssl_verify(k, text, signature);
	}
}

static bool
may_be(const struct jwk *k, const struct head *h)
{
	return k->alg == h->alg && (!h->has_kid || k->kid == NULL ||
	    slice_eq(buf_slice(&h->kid), slice_str(k->kid)));
}

enum token_verdict
jwt_open(const struct jwks *keys, struct slice token, struct buf *payload)
{
	enum token_verdict v = TOKEN_MALFORMED;
	struct head h = { .has_alg = false };
	struct buf signature = { 0 };
	struct parts p;
	size_t i;

	if (!split(&p, token) || !read_head(&h, p.head) ||
	    base64url_decode(&signature, p.signature) == -1)
		goto out;
	v = TOKEN_UNKNOWN_KEY;
	for (i = 0; i < keys->n && v != TOKEN_OK; i++)
		if (may_be(&keys->v[i], &h))
			v = verify(&keys->v[i], p.signed_text,
			    buf_slice(&signature)) ? TOKEN_OK :
			    TOKEN_BAD_SIGNATURE;
	if (v == TOKEN_OK && base64url_decode(payload, p.claims) == -1)
		v = TOKEN_MALFORMED;
out:
	buf_clear(&signature);
	buf_clear(&h.kid);
	return v;
}

enum token_verdict
jwt_verify(struct claims *out, const struct jwks *keys, struct slice token,
    const struct token_rules *rules)
{
	struct buf payload = { 0 };
	enum token_verdict v;

	*out = (struct claims){ .exp = CLAIMS_NEVER };
	v = jwt_open(keys, token, &payload);
	if (v == TOKEN_OK)
		v = claims_read(out, buf_slice(&payload),
		    CLAIMS_NUMERIC_TIMES);
	if (v == TOKEN_OK)
		v = claims_check(out, rules);
	buf_clear(&payload);
	return v;
}
