/*
 * jwk.c: files of keys that check JSON Web Tokens.
 */
#include "token/jwk.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "proto/json.h"
#include "token/base64url.h"
#include "token/jwk_openssl.h"
#include "token/token.h"

#define FILE_MAX	(256u << 10)	/* bytes; sets have certificates */
#define FILE_DEPTH	8
#define HMAC_LEAST	32		/* bytes; RFC 7518 section 3.2 */
#define HMAC_MOST	1024
#define PEM_BEGIN	"-----BEGIN "

static const char *const algorithms[] = {
	[JWK_EDDSA] = "EdDSA", [JWK_HS256] = "HS256",
	[JWK_RS256] = "RS256", [JWK_ES256] = "ES256",
};

int
jwk_algorithm(enum jwk_algorithm *out, struct slice name)
{
	int i;

	for (i = JWK_EDDSA; i <= JWK_ES256; i++)
		if (slice_eq(name, slice_str(algorithms[i]))) {
			*out = (enum jwk_algorithm)i;
			return 0;
		}
	return -1;
}

/* ---- members of a JWK ---- */

/* Whether the member is a string with that text. */
static bool
has_text(struct slice object, const char *member, const char *text)
{
	struct buf scratch = { 0 };
	struct json_elem elem;
	struct slice is;
	bool same = json_member(object, member, &elem) &&
	    elem.type == JSON_STRING &&
	    json_string(&is, &elem, &scratch) == 0 &&
	    slice_eq(is, slice_str(text));

	buf_clear(&scratch);
	return same;
}

static bool
has(struct slice object, const char *member)
{
	struct json_elem elem;

	return json_member(object, member, &elem);
}

/* Append the bytes of a member in base64url.  0, or -1 with *e filled. */
static int
get_bytes(struct buf *out, struct slice object, const char *member,
    struct errbuf *e)
{
	struct buf scratch = { 0 };
	struct json_elem elem;
	struct slice text;
	int rc = -1;

	if (json_member(object, member, &elem) && elem.type == JSON_STRING &&
	    json_string(&text, &elem, &scratch) == 0)
		rc = base64url_decode(out, text);
	buf_clear(&scratch);
	if (rc == -1)
		err_set(e, "\"%s\" is not a text in base64url", member);
	return rc;
}

/* Whether a list of texts has this one. */
static bool
lists(const struct json_elem *list, const char *text)
{
	struct slice rest = json_inside(list->text);
	struct buf scratch = { 0 };
	struct json_elem elem;
	struct slice is;
	bool found = false;

	while (!found && json_next(&rest, &elem))
		found = elem.type == JSON_STRING &&
		    json_string(&is, &elem, &scratch) == 0 &&
		    slice_eq(is, slice_str(text));
	buf_clear(&scratch);
	return found;
}

/* Whether the key is not meant to check signatures with that algorithm. */
static bool
is_for_else(struct slice object, const char *alg)
{
	struct json_elem ops;

	return (has(object, "use") && !has_text(object, "use", "sig")) ||
	    (has(object, "alg") && !has_text(object, "alg", alg)) ||
	    (json_member(object, "key_ops", &ops) &&
	    (ops.type != JSON_ARRAY || !lists(&ops, "verify")));
}

/* ---- types of keys ---- */

static int
read_okp(struct jwk *k, struct slice object, struct errbuf *e)
{
	struct buf x = { 0 };
	int rc = get_bytes(&x, object, "x", e);

	if (rc == 0 && x.len != sizeof(k->ed25519)) {
		err_set(e, "\"x\" has %zu bytes, not %zu", x.len,
		    sizeof(k->ed25519));
		rc = -1;
	}
	if (rc == 0)
		memcpy(k->ed25519, x.data, x.len);
	buf_clear(&x);
	return rc;
}

static int
read_oct(struct jwk *k, struct slice object, struct errbuf *e)
{
	struct buf bytes = { 0 };
	int rc = get_bytes(&bytes, object, "k", e);

	if (rc == 0 && (bytes.len < HMAC_LEAST || bytes.len > HMAC_MOST)) {
		err_set(e, "the secret has %zu bytes, and not %d to %d",
		    bytes.len, HMAC_LEAST, HMAC_MOST);
		rc = -1;
	} else if (rc == 0 &&
	    (rc = secret_copy(&k->secret, buf_slice(&bytes))) == -1) {
		err_set(e, "out of memory");
	}
	if (bytes.data != NULL)
		sodium_memzero(bytes.data, bytes.cap);
	buf_clear(&bytes);
	return rc;
}

/* Two numbers make the key. */
static int
read_pair(struct jwk *k, struct slice object, const char *first,
    const char *second, struct errbuf *e)
{
	struct buf a = { 0 }, b = { 0 };
	int rc = -1;

	if (get_bytes(&a, object, first, e) == 0 &&
	    get_bytes(&b, object, second, e) == 0)
		rc = (k->alg == JWK_RS256 ? jwk_openssl_rsa :
		    jwk_openssl_p256)(&k->pkey, buf_slice(&a), buf_slice(&b),
		    e);
	buf_clear(&a);
	buf_clear(&b);
	return rc;
}

static int
read_rsa(struct jwk *k, struct slice object, struct errbuf *e)
{
	return read_pair(k, object, "n", "e", e);
}

static int
read_ec(struct jwk *k, struct slice object, struct errbuf *e)
{
	return read_pair(k, object, "x", "y", e);
}

static const struct type {
	const char *kty;
	const char *crv;	/* or NULL */
	enum jwk_algorithm alg;
	int	  (*read)(struct jwk *k, struct slice object,
			struct errbuf *e);
} types[] = {
	{ "OKP", "Ed25519", JWK_EDDSA, read_okp },
	{ "oct", NULL, JWK_HS256, read_oct },
	{ "RSA", NULL, JWK_RS256, read_rsa },
	{ "EC", "P-256", JWK_ES256, read_ec },
};

#define NTYPES	(sizeof(types) / sizeof(types[0]))

/* The type of a key that can check tokens, or NULL. */
static const struct type *
find_type(struct slice object)
{
	const struct type *t;

	for (t = types; t < types + NTYPES; t++)
		if (has_text(object, "kty", t->kty) && (t->crv == NULL ||
		    has_text(object, "crv", t->crv)))
			return is_for_else(object, algorithms[t->alg]) ?
			    NULL : t;
	return NULL;
}

/* ---- lists of keys ---- */

/* Room for another key, which is zeroed.  NULL with *e filled. */
static struct jwk *
make_room(struct jwks *keys, struct errbuf *e)
{
	if (keys->n == TOKEN_KEYS_MAX) {
		err_set(e, "more than %d keys", TOKEN_KEYS_MAX);
		return NULL;
	}
	if (keys->v == NULL &&
	    (keys->v = calloc(TOKEN_KEYS_MAX, sizeof(*keys->v))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	return &keys->v[keys->n];
}

static void
key_clear(struct jwk *k)
{
	free(k->kid);
	secret_clear(&k->secret);
	jwk_openssl_free(k->pkey);
	*k = (struct jwk){ .alg = JWK_EDDSA };
}

static int
read_kid(struct jwk *k, struct slice object, struct errbuf *e)
{
	struct buf kid = { 0 };
	struct json_elem elem;
	int rc = -1;

	if (!json_member(object, "kid", &elem))
		return 0;
	if (elem.type != JSON_STRING)
		err_set(e, "\"kid\" is not a string");
	else if (json_unquote(&kid, &elem) == -1 || buf_cstr(&kid) == NULL ||
	    (k->kid = strdup(kid.data)) == NULL)
		err_set(e, "out of memory");
	else
		rc = 0;
	buf_clear(&kid);
	return rc;
}

/* Add a key that can check tokens; another one is skipped. */
static int
add_jwk(struct jwks *keys, struct slice object, struct errbuf *e)
{
	const struct type *t = find_type(object);
	struct jwk *k;

	if (t == NULL)
		return 0;
	if ((k = make_room(keys, e)) == NULL)
		return -1;
	k->alg = t->alg;
	/* Whoever can sign must not leave that key with those who check. */
	if (has(object, "d")) {
		err_set(e, "it is a private key: give its public one");
		return -1;
	}
	if (t->read(k, object, e) == -1 || read_kid(k, object, e) == -1) {
		key_clear(k);
		return -1;
	}
	keys->n++;
	return 0;
}

static int
add_set(struct jwks *keys, const struct json_elem *set, struct errbuf *e)
{
	struct slice rest = json_inside(set->text);
	struct json_elem elem;
	size_t number;

	for (number = 1; json_next(&rest, &elem); number++)
		if (elem.type != JSON_OBJECT ||
		    add_jwk(keys, elem.text, e) == -1) {
			if (elem.type != JSON_OBJECT)
				err_set(e, "not an object");
			err_wrap(e, "key %zu", number);
			return -1;
		}
	return 0;
}

static int
add_json(struct jwks *keys, struct slice text, struct errbuf *e)
{
	struct json_elem whole, set;
	struct json_error je;

	if (json_scan_value(text, FILE_DEPTH, &whole, &je) == -1) {
		err_set(e, "neither PEM nor JSON: %s at byte %zu", je.what,
		    je.offset + 1);
		return -1;
	}
	if (whole.type != JSON_OBJECT) {
		err_set(e, "a JWK or JWK Set is an object");
		return -1;
	}
	if (!json_member(whole.text, "keys", &set))
		return add_jwk(keys, whole.text, e);
	if (set.type == JSON_ARRAY)
		return add_set(keys, &set, e);
	err_set(e, "\"keys\" is not a list");
	return -1;
}

static int
add_pem(struct jwks *keys, struct slice text, struct errbuf *e)
{
	struct jwk *k;
	int rc;

	while (text.len > 0) {
		if ((k = make_room(keys, e)) == NULL)
			return -1;
		rc = jwk_openssl_pem(k, &text, e);
		if (rc == -1)
			return -1;
		keys->n += rc == 0;
	}
	return 0;
}

int
jwks_add(struct jwks *keys, struct slice text, struct errbuf *e)
{
	size_t before = keys->n;
	int rc;

	text = utf8_unmark(text);
	rc = text.len > 0 && memmem(text.p, text.len, PEM_BEGIN,
	    sizeof(PEM_BEGIN) - 1) != NULL ? add_pem(keys, text, e) :
	    add_json(keys, text, e);
	if (rc == 0 && keys->n == before) {
		err_set(e, "no key in it can check tokens: it takes one for "
		    "EdDSA, ES256, HS256 or RS256");
		rc = -1;
	}
	return rc;
}

static bool
has_secret(const struct jwks *keys, size_t from)
{
	for (; from < keys->n; from++)
		if (keys->v[from].alg == JWK_HS256)
			return true;
	return false;
}

int
jwks_load(struct jwks *keys, const char *path, struct errbuf *warning,
    struct errbuf *e)
{
	struct secret text = { .bytes = NULL };
	size_t before = keys->n;
	int rc = secret_read(&text, path, FILE_MAX, e);

	if (rc == 0)
		rc = jwks_add(keys, secret_slice(&text), e);
	if (rc == -1)
		err_wrap(e, "%s", path);
	else if (warning != NULL && has_secret(keys, before))
		secret_warn_open(path, warning);
	secret_clear(&text);
	return rc;
}

void
jwks_clear(struct jwks *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		key_clear(&keys->v[i]);
	free(keys->v);
	*keys = (struct jwks){ .v = NULL };
}
