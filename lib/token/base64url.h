/*
 * base64url.h: base64url of RFC 4648 section 5 without padding, which PASETO,
 * PASERK and JWT use.
 *
 * Reading is strict: no other character, no padding, no bits that are left
 * over.  So no two texts have the same bytes, and a token cannot be changed
 * without its signature being noticed.
 */
#pragma once

#include "base/buf.h"
#include "base/slice.h"

/* Append the bytes of text to *out.  0; or -1 if it is malformed or memory is
 * out, and then *out is unchanged. */
int	base64url_decode(struct buf *out, struct slice text);

/* Append the text for these bytes.  0, or -1 when out of memory. */
int	base64url_encode(struct buf *out, struct slice bytes);

#define BASE64URL_ID_SIZE	23	/* with the NUL */

/* Make an id that nobody else has: 16 random bytes. */
void	base64url_make_id(char id[BASE64URL_ID_SIZE]);
