/*
 * oro_ticket.c: the tickets of Oro's SyncBundle.
 */
#include "token/oro_ticket.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/when.h"

#define ROUNDS		5000	/* Symfony's MessageDigestPasswordHasher */
#define HASH_SIZE	64	/* bytes of SHA-512 */
#define DATE_SIZE	10	/* bytes of 2024-01-02 */
#define SECRET_MAX	4000	/* bytes, with room for the rest of
				 * ORO_RAW_MAX */

/* ---- base64 ---- */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

static int
add_base64(struct buf *out, const unsigned char *p, size_t len)
{
	char four[4];
	uint32_t bits;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = len < 3 ? len : 3;
		bits = (uint32_t)p[0] << 16;
		bits |= n > 1 ? (uint32_t)p[1] << 8 : 0;
		bits |= n > 2 ? p[2] : 0;
		four[0] = letters[bits >> 18];
		four[1] = letters[bits >> 12 & 63];
		four[2] = n > 1 ? letters[bits >> 6 & 63] : '=';
		four[3] = n > 2 ? letters[bits & 63] : '=';
		if (buf_add(out, four, sizeof(four)) == -1)
			return -1;
	}
	return 0;
}

/* The value of a letter, or -1. */
static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-' || c == ' ')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Append the bytes of a text as PHP's base64_decode() does without its strict
 * mode. */
static int
decode_base64(struct buf *out, struct slice text)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i;
	int value;

	for (i = 0; i < text.len; i++) {
		if ((value = base64_value(text.p[i])) == -1)
			continue;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (buf_add_char(out, (char)(bits >> have & 0xff)) == -1)
			return -1;
	}
	return 0;
}

static bool
is_digest(struct slice s)
{
	size_t i;

	if (s.len != ORO_DIGEST_SIZE || memcmp(s.p + s.len - 2, "==", 2) != 0)
		return false;
	for (i = 0; i < s.len - 2; i++)
		if (strchr(letters, s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	return true;
}

/* ---- reading ---- */

/* Cut the next field off.  False if there is none. */
static bool
next_field(struct slice *rest, struct slice *field)
{
	const char *end;

	if (rest->p == NULL)
		return false;
	end = memchr(rest->p, ';', rest->len);
	if (end == NULL) {
		*field = *rest;
		*rest = slice_of(NULL, 0);
		return true;
	}
	*field = slice_of(rest->p, (size_t)(end - rest->p));
	*rest = slice_of(end + 1, rest->len - field->len - 1);
	return true;
}

static bool
has_control(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

/* A time as PHP writes it: 2024-01-02T03:04:05+00:00, or in another form of ISO
 * 8601.  Without a zone it is in UTC, which is the one that Oro sets. */
static int
read_created(struct oro_ticket *t)
{
	char text[ORO_CREATED_MAX + 1];
	size_t len = t->created.len;
	int64_t ms;

	if (len == 0 || len > ORO_CREATED_MAX)
		return -1;
	memcpy(text, t->created.p, len);
	if (len > DATE_SIZE && text[DATE_SIZE] == ' ')
		text[DATE_SIZE] = 'T';
	text[len] = 'Z';
	if (when_parse_iso(&ms, slice_of(text, len)) == -1 &&
	    when_parse_iso(&ms, slice_of(text, len + 1)) == -1)
		return -1;
	t->when = ms / 1000;
	return 0;
}

/* What is wrong with the fields, or NULL. */
static const char *
fields_fault(struct oro_ticket *t)
{
	if (!utf8_valid(t->user) || has_control(t->user))
		return "the user is not text";
	if (!is_digest(t->digest))
		return "the digest is not one of SHA-512 in base64";
	if (t->nonce.len > ORO_NONCE_MAX)
		return "the nonce is too long";
	return read_created(t) == -1 ? "the time is not one of ISO 8601" :
	    NULL;
}

enum token_verdict
oro_ticket_read(struct oro_ticket *t, struct slice text, struct buf *mem,
    const char **why)
{
	struct slice rest;

	*t = (struct oro_ticket){ .when = 0 };
	*why = NULL;
	if (text.len > TOKEN_MAX) {
		*why = "it is too long";
		return TOKEN_MALFORMED;
	}
	/* Oro 2.6 sent its fields without base64. */
	if (memchr(text.len > 0 ? text.p : "", ';', text.len) != NULL) {
		*why = "it is one of Oro 2.6 or older";
		return TOKEN_MALFORMED;
	}
	if (decode_base64(mem, text) == -1)
		return TOKEN_NO_MEMORY;
	rest = mem->len > 0 ? buf_slice(mem) : SLICE("");
	if (!next_field(&rest, &t->digest) || !next_field(&rest, &t->user) ||
	    !next_field(&rest, &t->nonce) || !next_field(&rest, &t->created)) {
		*why = "it has fewer than four fields";
		t->user = SLICE("");
		return TOKEN_MALFORMED;
	}
	*why = fields_fault(t);
	return *why == NULL ? TOKEN_OK : TOKEN_MALFORMED;
}

enum token_verdict
oro_ticket_check(const struct oro_ticket *t, int64_t now, int64_t ttl,
    int64_t tolerance)
{
	if (t->when > now && t->when - now > tolerance)
		return TOKEN_EARLY;
	return now - t->when > ttl ? TOKEN_EXPIRED : TOKEN_OK;
}

/* ---- the digest ---- */

/* Unlike memset(), not optimised away: the barrier may read the memory. */
static void
wipe(void *p, size_t len)
{
	explicit_bzero(p, len);
}

int
oro_secret_check(struct slice secret, struct errbuf *e)
{
	if (memchr(secret.p, '{', secret.len) != NULL ||
	    memchr(secret.p, '}', secret.len) != NULL)
		err_set(e, "Oro allows neither { nor } in it");
	else if (memchr(secret.p, '\0', secret.len) != NULL)
		err_set(e, "there is a NUL in it");
	else if (secret.len > SECRET_MAX)
		err_set(e, "longer than %d bytes", SECRET_MAX);
	else
		return 0;
	return -1;
}

/* Put parts together, in a buffer that is not moved. */
static unsigned char *
join(const struct slice *parts, size_t n, size_t *len)
{
	unsigned char *all, *at;
	size_t i;

	for (i = 0, *len = HASH_SIZE; i < n; i++)
		*len += parts[i].len;
	if ((all = malloc(*len)) == NULL)
		return NULL;
	for (i = 0, at = all + HASH_SIZE; i < n; at += parts[i].len, i++)
		if (parts[i].len > 0)
			memcpy(at, parts[i].p, parts[i].len);
	return all;
}

/* The first round hashes the text; each other one the last hash and the
 * text. */
static int
hash_rounds(unsigned char *all, size_t len, const struct oro_hash *hash)
{
	int i, rc = hash->sha512(hash->arg, all, all + HASH_SIZE,
	    len - HASH_SIZE);

	for (i = 1; i < ROUNDS && rc == 0; i++)
		rc = hash->sha512(hash->arg, all, all, len);
	return rc;
}

int
oro_digest(char out[ORO_DIGEST_SIZE], struct slice nonce,
    struct slice created, struct slice password, struct slice secret,
    const struct oro_hash *hash)
{
	const struct slice parts[] = { nonce, SLICE("|"), created, SLICE("|"),
	    password, SLICE("{"), secret, SLICE("}") };
	struct buf text = { 0 };
	unsigned char *all;
	size_t len;
	int rc;

	if (nonce.len + created.len + password.len + 2 > ORO_RAW_MAX)
		return -1;
	if ((all = join(parts, secret.len > 0 ? 8 : 5, &len)) == NULL)
		return -1;
	rc = hash_rounds(all, len, hash);
	if (rc == 0 && (rc = add_base64(&text, all, HASH_SIZE)) == 0)
		memcpy(out, text.data, ORO_DIGEST_SIZE);
	wipe(all, len);
	free(all);
	buf_clear(&text);
	return rc;
}

int
oro_ticket_make(struct buf *out, struct slice user, struct slice nonce,
    struct slice created, struct slice password, struct slice secret,
    const struct oro_hash *hash)
{
	char digest[ORO_DIGEST_SIZE];
	struct buf text = { 0 };
	int rc = -1;

	if (oro_digest(digest, nonce, created, password, secret, hash) == 0 &&
	    buf_addf(&text, "%.*s;%.*s;%.*s;%.*s", ORO_DIGEST_SIZE, digest,
	    (int)user.len, user.p, (int)nonce.len, nonce.p,
	    (int)created.len, created.p) == 0)
		rc = add_base64(out, (const unsigned char *)text.data,
		    text.len);
	buf_clear(&text);
	return rc;
}
