/*
 * paserk.c: keys of PASETO version 4 as text.
 */
#include "token/paserk.h"

#include <sodium.h>
#include <string.h>

#include "token/base64url.h"

#define ID_BYTES	33

static const struct {
	struct slice head;
	size_t	     size;
	struct slice id_head;
} types[] = {
	[PASERK_LOCAL] = { { "k4.local.", 9 }, PASERK_LOCAL_SIZE,
	    { "k4.lid.", 7 } },
	[PASERK_PUBLIC] = { { "k4.public.", 10 }, PASERK_PUBLIC_SIZE,
	    { "k4.pid.", 7 } },
	[PASERK_SECRET] = { { "k4.secret.", 10 }, PASERK_SECRET_SIZE,
	    { "k4.pid.", 7 } },
};

#define NTYPES	(sizeof(types) / sizeof(types[0]))

/* Free a buffer that had a secret in it. */
static void
forget(struct buf *b)
{
	if (b->data != NULL)
		sodium_memzero(b->data, b->cap);
	buf_clear(b);
}

/* A secret key has two halves.  If the second were not made from the first,
 * signatures would reveal the first. */
static bool
is_whole(const unsigned char *secret)
{
	unsigned char public[PASERK_PUBLIC_SIZE];
	unsigned char again[PASERK_SECRET_SIZE];
	bool same;

	(void)crypto_sign_seed_keypair(public, again, secret);
	same = sodium_memcmp(again, secret, sizeof(again)) == 0;
	sodium_memzero(again, sizeof(again));
	return same;
}

static size_t
find_type(struct slice text)
{
	size_t i;

	for (i = 0; i < NTYPES; i++)
		if (slice_starts(text, types[i].head))
			break;
	return i;
}

int
paserk_read(struct paserk *out, struct slice text, struct errbuf *e)
{
	struct buf bytes = { 0 };
	size_t i = find_type(text), skip;
	int rc = -1;

	if (i == NTYPES) {
		err_set(e, "not a key: it does not begin with k4.local., "
		    "k4.public. or k4.secret.");
		return -1;
	}
	skip = types[i].head.len;
	if (base64url_decode(&bytes, slice_of(text.p + skip,
	    text.len - skip)) == -1) {
		err_set(e, "the key is not base64url after %s",
		    types[i].head.p);
	} else if (bytes.len != types[i].size) {
		err_set(e, "the key has %zu bytes, not %zu", bytes.len,
		    types[i].size);
	} else if (i == PASERK_SECRET &&
	    !is_whole((const unsigned char *)bytes.data)) {
		err_set(e, "the two halves of the key do not belong "
		    "together");
	} else {
		out->type = (enum paserk_type)i;
		memcpy(out->bytes, bytes.data, bytes.len);
		rc = 0;
	}
	forget(&bytes);
	return rc;
}

int
paserk_write(struct buf *out, const struct paserk *k)
{
	return buf_add_slice(out, types[k->type].head) == 0 &&
	    base64url_encode(out, slice_of((const char *)k->bytes,
	    types[k->type].size)) == 0 ? 0 : -1;
}

int
paserk_id(char *out, const struct paserk *k)
{
	unsigned char hash[ID_BYTES];
	struct paserk public;
	struct buf text = { 0 };
	int rc = -1;

	if (k->type == PASERK_SECRET) {
		paserk_public(&public, k);
		return paserk_id(out, &public);
	}
	if (buf_add_slice(&text, types[k->type].id_head) == 0 &&
	    paserk_write(&text, k) == 0) {
		(void)crypto_generichash(hash, sizeof(hash),
		    (const unsigned char *)text.data, text.len, NULL, 0);
		memcpy(out, types[k->type].id_head.p,
		    types[k->type].id_head.len);
		(void)sodium_bin2base64(out + types[k->type].id_head.len,
		    PASERK_ID_SIZE - types[k->type].id_head.len, hash,
		    sizeof(hash), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		rc = 0;
	}
	forget(&text);
	return rc;
}

void
paserk_make(struct paserk *out, enum paserk_type type)
{
	unsigned char public[PASERK_PUBLIC_SIZE];

	*out = (struct paserk){ .type = type };
	if (type == PASERK_LOCAL)
		randombytes_buf(out->bytes, PASERK_LOCAL_SIZE);
	else
		(void)crypto_sign_keypair(public, out->bytes);
}

void
paserk_public(struct paserk *out, const struct paserk *secret)
{
	*out = (struct paserk){ .type = PASERK_PUBLIC };
	memcpy(out->bytes, secret->bytes + PASERK_SECRET_SIZE -
	    PASERK_PUBLIC_SIZE, PASERK_PUBLIC_SIZE);
}

void
paserk_clear(struct paserk *k)
{
	sodium_memzero(k, sizeof(*k));
}
