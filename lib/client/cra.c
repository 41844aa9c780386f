/*
 * cra.c: WAMP-CRA, the login of WAMP v1 by challenge and response.
 *
 *	[2, id, authreq, user, {}]	-> [3, id, challenge]
 *	[2, id, auth, signature]	-> [3, id, permissions]
 */
#include "client/cra.h"

#include <string.h>

#include "client/client.h"
#include "client/sodium_api.h"
#include "proto/json.h"

#define CRA_MAC		crypto_auth_hmacsha256_BYTES
#define CRA_MAC_TEXT	sodium_base64_ENCODED_LEN(CRA_KEY_MAX,		\
			    sodium_base64_VARIANT_ORIGINAL)

/* What the server may ask for: a second of work for each of the key's four
 * blocks, no more. */
#define CRA_ITERATIONS_MAX	1000000
#define CRA_KEY_MAX		128	/* bytes */

/* The defaults of AutobahnJS and AutobahnPython. */
#define CRA_ITERATIONS	10000
#define CRA_KEY		32	/* bytes */

struct cra {
	struct sodium_api api;
	int64_t iterations;
	int64_t key_len;	/* bytes */
	struct buf salt;	/* len 0: the secret is the key */
};

/* ---- keys and signatures ---- */

static void
cra_mac(const struct cra *c, unsigned char *mac, struct slice key,
    struct slice text, struct slice more)
{
	crypto_auth_hmacsha256_state state;

	(void)c->api.crypto_auth_hmacsha256_init(&state,
	    (const unsigned char *)key.p, key.len);
	(void)c->api.crypto_auth_hmacsha256_update(&state,
	    (const unsigned char *)text.p, text.len);
	(void)c->api.crypto_auth_hmacsha256_update(&state,
	    (const unsigned char *)more.p, more.len);
	(void)c->api.crypto_auth_hmacsha256_final(&state, mac);
}

/* One block of PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA256. */
static void
cra_block(const struct cra *c, unsigned char *out, struct slice secret,
    uint8_t index)
{
	const char number[] = { 0, 0, 0, (char)index };
	unsigned char u[CRA_MAC];
	int64_t i;
	size_t j;

	cra_mac(c, u, secret, buf_slice(&c->salt),
	    slice_of(number, sizeof(number)));
	memcpy(out, u, CRA_MAC);
	for (i = 1; i < c->iterations; i++) {
		cra_mac(c, u, secret, slice_of((const char *)u, CRA_MAC),
		    SLICE(""));
		for (j = 0; j < CRA_MAC; j++)
			out[j] ^= u[j];
	}
}

static struct slice
cra_base64(const struct cra *c, char *text, const unsigned char *p, size_t n)
{
	(void)c->api.sodium_bin2base64(text, CRA_MAC_TEXT, p, n,
	    sodium_base64_VARIANT_ORIGINAL);
	return slice_str(text);
}

/* What signs: the secret, or the base64 text of what is derived from it. */
static struct slice
cra_key(const struct cra *c, char *text, const char *secret)
{
	unsigned char key[CRA_KEY_MAX];
	size_t at;

	if (c->salt.len == 0)
		return slice_str(secret);
	for (at = 0; at < (size_t)c->key_len; at += CRA_MAC)
		cra_block(c, key + at, slice_str(secret),
		    (uint8_t)(at / CRA_MAC + 1));
	return cra_base64(c, text, key, (size_t)c->key_len);
}

/* ---- the challenge ---- */

/* A number of authextra, where there is one.  0 or -1. */
static int
cra_number(int64_t *out, struct slice extra, const char *key, int64_t max,
    struct errbuf *e)
{
	struct json_elem elem;

	if (!json_member(extra, key, &elem))
		return 0;
	if (json_int(out, &elem) && *out >= 1 && *out <= max)
		return 0;
	err_set(e, "the challenge's %s is not a number from 1 to %lld", key,
	    (long long)max);
	return -1;
}

/* "authextra": {"salt": s, "iterations": n, "keylen": n}, all of it may be
 * missing.  0 or -1. */
static int
cra_read(struct cra *c, struct slice challenge, struct errbuf *e)
{
	struct json_elem whole, extra, salt;
	struct json_error je;

	c->iterations = CRA_ITERATIONS;
	c->key_len = CRA_KEY;
	if (json_scan_value(challenge, JSON_DEPTH_DEFAULT, &whole, &je) ==
	    -1 || whole.type != JSON_OBJECT) {
		err_set(e, "the challenge is not a JSON object");
		return -1;
	}
	if (!json_member(whole.text, "authextra", &extra) ||
	    extra.type != JSON_OBJECT ||
	    !json_member(extra.text, "salt", &salt))
		return 0;
	if (salt.type != JSON_STRING) {
		err_set(e, "the challenge's salt is not a string");
		return -1;
	}
	if (json_unquote(&c->salt, &salt) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return cra_number(&c->iterations, extra.text, "iterations",
	    CRA_ITERATIONS_MAX, e) == 0 && cra_number(&c->key_len,
	    extra.text, "keylen", CRA_KEY_MAX, e) == 0 ? 0 : -1;
}

int
cra_sign(struct buf *out, struct slice challenge, const char *secret,
    struct errbuf *e)
{
	struct cra c = { .salt = { 0 } };
	char key[CRA_MAC_TEXT], signature[CRA_MAC_TEXT];
	unsigned char mac[CRA_MAC];
	int rc = -1;

	if (cra_read(&c, challenge, e) == -1 ||
	    sodium_api_load(&c.api, e) == -1)
		goto out;
	cra_mac(&c, mac, cra_key(&c, key, secret), challenge, SLICE(""));
	rc = buf_add_slice(out, cra_base64(&c, signature, mac, CRA_MAC));
	if (rc == -1)
		err_set(e, "out of memory");
out:
	buf_clear(&c.salt);
	return rc;
}

/* ---- the two calls ---- */

static enum exit_status
cra_call(struct client *c, cra_call_fn *call, struct slice procedure,
    const struct buf *args, struct client_answer *a, struct errbuf *e)
{
	enum exit_status status;

	status = call(c, procedure, buf_slice(args), a, e);
	if (status != EXIT_DONE || !a->is_error)
		return status;
	client_explain(e, a->uri, a->desc);
	return EXIT_CONNECT;
}

/* args becomes the arguments of auth. */
static enum exit_status
cra_answer(struct buf *args, struct slice result, const char *secret,
    struct errbuf *e)
{
	struct buf challenge = { 0 }, signature = { 0 };
	enum exit_status status = EXIT_CONNECT;
	struct json_elem elem;
	struct json_error je;

	err_set(e, "out of memory");
	if (json_scan_value(result, JSON_DEPTH_DEFAULT, &elem, &je) == -1 ||
	    elem.type != JSON_STRING)
		err_set(e, "the server sent no challenge");
	else if (json_unquote(&challenge, &elem) == 0 &&
	    cra_sign(&signature, buf_slice(&challenge), secret, e) == 0 &&
	    json_quote(args, buf_slice(&signature)) == 0)
		status = EXIT_DONE;
	buf_clear(&challenge);
	buf_clear(&signature);
	return status;
}

enum exit_status
cra_login(struct client *c, cra_call_fn *call, const char *user,
    const char *secret, struct errbuf *e)
{
	struct buf args = { 0 };
	struct client_answer a;
	enum exit_status status = EXIT_WORK;

	if (json_quote(&args, slice_str(user)) == -1 ||
	    buf_add_str(&args, ",{}") == -1) {
		err_set(e, "out of memory");
		goto out;
	}
	status = cra_call(c, call, CRA_AUTHREQ, &args, &a, e);
	buf_reset(&args);
	if (status == EXIT_DONE)
		status = cra_answer(&args, a.result, secret, e);
	if (status == EXIT_DONE)
		status = cra_call(c, call, CRA_AUTH, &args, &a, e);
out:
	buf_clear(&args);
	if (status != EXIT_DONE)
		err_wrap(e, "authentication as %.100s", user);
	return status;
}
