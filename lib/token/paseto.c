/*
 * paseto.c: PASETO version 4.
 */
#include "token/paseto.h"

#include <sodium.h>
#include <string.h>

#include "proto/json.h"
#include "token/base64url.h"

#define MAC_SIZE	32
#define KEY_SIZE	32	/* of XChaCha20, and of the MAC */

static const struct slice head_local = { "v4.local.", 9 };
static const struct slice head_public = { "v4.public.", 10 };

/* ---- taking apart ---- */

bool
paseto_is(struct slice token)
{
	return slice_starts(token, head_local) ||
	    slice_starts(token, head_public);
}

/* Cut s at the first dot: *rest is what follows it, and not changed if there is
 * none. */
static struct slice
cut(struct slice s, struct slice *rest)
{
	const char *dot = s.len > 0 ? memchr(s.p, '.', s.len) : NULL;

	if (dot == NULL)
		return s;
	*rest = slice_of(dot + 1, (size_t)(s.p + s.len - dot - 1));
	return slice_of(s.p, (size_t)(dot - s.p));
}

enum token_verdict
paseto_split(struct paseto *out, struct slice token)
{
	struct slice head, body, footer = { NULL, 0 };
	size_t least;

	if (token.len > TOKEN_MAX || !paseto_is(token))
		return TOKEN_MALFORMED;
	out->local = slice_starts(token, head_local);
	head = out->local ? head_local : head_public;
	body = cut(slice_of(token.p + head.len, token.len - head.len),
	    &footer);
	least = out->local ? PASETO_NONCE_SIZE + MAC_SIZE : crypto_sign_BYTES;
	/* "TEXT." without a footer would be another text for one token. */
	if ((footer.p != NULL && footer.len == 0) ||
	    footer.len > PASETO_FOOTER_MAX / 3 * 4 ||
	    base64url_decode(&out->body, body) == -1 ||
	    out->body.len < least ||
	    base64url_decode(&out->footer, footer) == -1)
		return TOKEN_MALFORMED;
	return TOKEN_OK;
}

void
paseto_clear(struct paseto *p)
{
	buf_clear(&p->body);
	buf_clear(&p->footer);
}

struct slice
paseto_unchecked(const struct paseto *p)
{
	return p->local ? slice_of("", 0) :
	    slice_of(p->body.data, p->body.len - crypto_sign_BYTES);
}

/* Nothing is proved yet, so the footer gets no more trust than that it may be
 * JSON of two levels. */
enum token_verdict
paseto_kid(struct buf *out, const struct paseto *p)
{
	struct json_elem whole, kid;
	struct json_error je;
	struct slice footer = buf_slice(&p->footer);

	if (footer.len == 0 || footer.p[0] != '{')
		return TOKEN_OK;
	if (json_scan_value(footer, 2, &whole, &je) == -1)
		return TOKEN_MALFORMED;
	if (!json_member(whole.text, "kid", &kid))
		return TOKEN_OK;
	if (kid.type != JSON_STRING)
		return TOKEN_MALFORMED;
	return json_unquote(out, &kid) == 0 ? TOKEN_OK : TOKEN_NO_MEMORY;
}

/* ---- what is authenticated ---- */

/* A number as 8 bytes, the lowest first.  PASETO clears the highest bit, which
 * no length here has. */
static int
add_le64(struct buf *out, uint64_t n)
{
	char bytes[8];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++, n >>= 8)
		bytes[i] = (char)(n & 0xff);
	return buf_add(out, bytes, sizeof(bytes));
}

/* PASETO's encoding of several texts as one, from which each can be told. */
static int
add_pae(struct buf *out, const struct slice *pieces, size_t n)
{
	size_t i;
	int rc = add_le64(out, n);

	for (i = 0; i < n && rc == 0; i++)
		rc = add_le64(out, pieces[i].len) == 0 ?
		    buf_add_slice(out, pieces[i]) : -1;
	return rc;
}

static struct slice
bytes_slice(const unsigned char *p, size_t n)
{
	return slice_of((const char *)p, n);
}

/* ---- v4.public ---- */

static int
add_signed(struct buf *out, struct slice message, struct slice footer,
    struct slice implicit)
{
	const struct slice pieces[] = { head_public, message, footer,
	    implicit };

	return add_pae(out, pieces, sizeof(pieces) / sizeof(pieces[0]));
}

static enum token_verdict
open_public(struct buf *message, const struct paseto *p,
    const struct paserk *key, struct slice implicit)
{
	struct slice text = paseto_unchecked(p);
	struct buf all = { 0 };
	enum token_verdict v = TOKEN_NO_MEMORY;

	if (add_signed(&all, text, buf_slice(&p->footer), implicit) == -1)
		goto out;
	if (crypto_sign_verify_detached((const unsigned char *)p->body.data +
	    text.len, (const unsigned char *)all.data, all.len,
	    key->bytes) == -1)
		v = TOKEN_BAD_SIGNATURE;
	else if (buf_add_slice(message, text) == 0)
		v = TOKEN_OK;
out:
	buf_clear(&all);
	return v;
}

static int
make_public(struct buf *body, const struct paserk *key, struct slice message,
    struct slice footer, struct slice implicit)
{
	unsigned char signature[crypto_sign_BYTES];
	struct buf all = { 0 };
	int rc = -1;

	if (add_signed(&all, message, footer, implicit) == 0) {
		(void)crypto_sign_detached(signature, NULL,
		    (const unsigned char *)all.data, all.len, key->bytes);
		rc = buf_add_slice(body, message) == 0 ?
		    buf_add(body, signature, sizeof(signature)) : -1;
	}
	buf_clear(&all);
	return rc;
}

/* ---- v4.local ---- */

/* What a key and a nonce give. */
struct derived {
	/* These two are one hash. */
	unsigned char key[KEY_SIZE];
	unsigned char nonce[crypto_stream_xchacha20_NONCEBYTES];
	unsigned char mac_key[KEY_SIZE];
};

static void
derive(struct derived *out, const struct paserk *key,
    const unsigned char *nonce)
{
	static const char for_key[] = "paseto-encryption-key";
	static const char for_mac[] = "paseto-auth-key-for-aead";
	unsigned char both[sizeof(out->key) + sizeof(out->nonce)];
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, key->bytes, PASERK_LOCAL_SIZE,
	    sizeof(both));
	(void)crypto_generichash_update(&state,
	    (const unsigned char *)for_key, sizeof(for_key) - 1);
	(void)crypto_generichash_update(&state, nonce, PASETO_NONCE_SIZE);
	(void)crypto_generichash_final(&state, both, sizeof(both));
	memcpy(out->key, both, sizeof(out->key));
	memcpy(out->nonce, both + sizeof(out->key), sizeof(out->nonce));
	(void)crypto_generichash_init(&state, key->bytes, PASERK_LOCAL_SIZE,
	    sizeof(out->mac_key));
	(void)crypto_generichash_update(&state,
	    (const unsigned char *)for_mac, sizeof(for_mac) - 1);
	(void)crypto_generichash_update(&state, nonce, PASETO_NONCE_SIZE);
	(void)crypto_generichash_final(&state, out->mac_key,
	    sizeof(out->mac_key));
	sodium_memzero(both, sizeof(both));
	sodium_memzero(&state, sizeof(state));
}

/* 0, or -1 when out of memory. */
static int
make_mac(unsigned char *out, const struct derived *d,
    const unsigned char *nonce, struct slice crypted, struct slice footer,
    struct slice implicit)
{
	const struct slice pieces[] = { head_local,
	    bytes_slice(nonce, PASETO_NONCE_SIZE), crypted, footer,
	    implicit };
	struct buf all = { 0 };
	int rc = add_pae(&all, pieces, sizeof(pieces) / sizeof(pieces[0]));

	if (rc == 0)
		(void)crypto_generichash(out, MAC_SIZE,
		    (const unsigned char *)all.data, all.len, d->mac_key,
		    sizeof(d->mac_key));
	buf_clear(&all);
	return rc;
}

static enum token_verdict
open_local(struct buf *message, const struct paseto *p,
    const struct paserk *key, struct slice implicit)
{
	const unsigned char *nonce = (const unsigned char *)p->body.data;
	const unsigned char *text = nonce + PASETO_NONCE_SIZE;
	size_t len = p->body.len - PASETO_NONCE_SIZE - MAC_SIZE;
	enum token_verdict v = TOKEN_NO_MEMORY;
	unsigned char mac[MAC_SIZE];
	struct derived d;

	derive(&d, key, nonce);
	if (make_mac(mac, &d, nonce, bytes_slice(text, len),
	    buf_slice(&p->footer), implicit) == -1)
		goto out;
	if (sodium_memcmp(mac, text + len, sizeof(mac)) != 0) {
		v = TOKEN_BAD_SIGNATURE;
	} else if (buf_reserve(message, len + 1) == 0) {
		(void)crypto_stream_xchacha20_xor(
		    (unsigned char *)message->data + message->len, text, len,
		    d.nonce, d.key);
		message->len += len;
		v = TOKEN_OK;
	}
out:
	sodium_memzero(&d, sizeof(d));
	return v;
}

static int
make_local(struct buf *body, const struct paserk *key, struct slice message,
    struct slice footer, struct slice implicit, const unsigned char *nonce)
{
	unsigned char mac[MAC_SIZE];
	struct derived d;
	char *text;
	int rc = -1;

	derive(&d, key, nonce);
	if (buf_reserve(body, PASETO_NONCE_SIZE + message.len + MAC_SIZE) ==
	    0) {
		text = body->data + PASETO_NONCE_SIZE;
		memcpy(body->data, nonce, PASETO_NONCE_SIZE);
		(void)crypto_stream_xchacha20_xor((unsigned char *)text,
		    (const unsigned char *)message.p, message.len, d.nonce,
		    d.key);
		body->len = PASETO_NONCE_SIZE + message.len;
		rc = make_mac(mac, &d, nonce, slice_of(text, message.len),
		    footer, implicit);
	}
	if (rc == 0)
		rc = buf_add(body, mac, sizeof(mac));
	sodium_memzero(&d, sizeof(d));
	return rc;
}

/* ---- both ---- */

enum token_verdict
paseto_open(struct buf *message, const struct paseto *p,
    const struct paserk *key, struct slice implicit)
{
	return (p->local ? open_local : open_public)(message, p, key,
	    implicit);
}

int
paseto_make_with_nonce(struct buf *out, const struct paserk *key,
    struct slice message, struct slice footer, struct slice implicit,
    const unsigned char nonce[PASETO_NONCE_SIZE])
{
	bool local = key->type == PASERK_LOCAL;
	struct buf body = { 0 };
	size_t before = out->len;
	int rc = local ?
	    make_local(&body, key, message, footer, implicit, nonce) :
	    make_public(&body, key, message, footer, implicit);

	if (rc == 0)
		rc = buf_add_slice(out, local ? head_local : head_public) ==
		    0 && base64url_encode(out, buf_slice(&body)) == 0 ? 0 :
		    -1;
	if (rc == 0 && footer.len > 0)
		rc = buf_add_char(out, '.') == 0 ?
		    base64url_encode(out, footer) : -1;
	if (rc == -1)
		out->len = before;
	buf_clear(&body);
	return rc;
}

int
paseto_make(struct buf *out, const struct paserk *key, struct slice message,
    struct slice footer, struct slice implicit)
{
	unsigned char nonce[PASETO_NONCE_SIZE];

	randombytes_buf(nonce, sizeof(nonce));
	return paseto_make_with_nonce(out, key, message, footer, implicit,
	    nonce);
}
