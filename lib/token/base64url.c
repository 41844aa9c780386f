/*
 * base64url.c: base64url without padding.
 */
#include "token/base64url.h"

#include <sodium.h>

#define VARIANT	sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* libsodium 1.0.18 takes the highest bit of a character for nothing: it reads
 * 0xc8 as "H". */
static bool
is_base64url(struct slice text)
{
	size_t i;
	char c;

	for (i = 0; i < text.len; i++) {
		c = text.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

int
base64url_decode(struct buf *out, struct slice text)
{
	size_t len = 0;

	if (!is_base64url(text) ||
	    buf_reserve(out, text.len / 4 * 3 + 3) == -1 ||
	    sodium_base642bin((unsigned char *)out->data + out->len,
	    out->cap - out->len, text.len > 0 ? text.p : "", text.len, NULL,
	    &len, NULL, VARIANT) == -1)
		return -1;
	out->len += len;
	return 0;
}

int
base64url_encode(struct buf *out, struct slice bytes)
{
	/* With room for a NUL, which is written. */
	size_t size = sodium_base64_ENCODED_LEN(bytes.len, VARIANT);

	if (buf_reserve(out, size) == -1)
		return -1;
	(void)sodium_bin2base64(out->data + out->len, size,
	    (const unsigned char *)bytes.p, bytes.len, VARIANT);
	out->len += size - 1;
	return 0;
}

void
base64url_make_id(char id[BASE64URL_ID_SIZE])
{
	unsigned char random[16];

	randombytes_buf(random, sizeof(random));
	(void)sodium_bin2base64(id, BASE64URL_ID_SIZE, random, sizeof(random),
	    VARIANT);
}
