/*
 * paseto.h: PASETO version 4: v4.public tokens are signed (Ed25519), v4.local
 * tokens are encrypted (XChaCha20) and authenticated (keyed BLAKE2b).
 *
 *	v4.public.TEXT		v4.local.TEXT
 *	v4.public.TEXT.FOOTER	v4.local.TEXT.FOOTER
 *
 * The footer can be read without a key, and is protected as the rest is.  See
 * paseto_keys.h for checking tokens with the keys of files.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "token/paserk.h"
#include "token/token.h"

#define PASETO_NONCE_SIZE	32
#define PASETO_FOOTER_MAX	512	/* bytes of a footer that is read */

/* A token that was taken apart, but not checked. */
struct paseto {
	bool	   local;	/* v4.local; otherwise v4.public */
	struct buf body;	/* what TEXT stands for */
	struct buf footer;
};

/* Whether it looks like a PASETO of version 4. */
bool	paseto_is(struct slice token);

/* Take a token apart into a zeroed *out.  Call paseto_clear() in any case.
 * TOKEN_OK, TOKEN_MALFORMED or TOKEN_NO_MEMORY. */
enum token_verdict paseto_split(struct paseto *out, struct slice token);

void	paseto_clear(struct paseto *p);

/* Check the token with a key of its kind, PASERK_LOCAL or PASERK_PUBLIC, and
 * append its message to *message.  TOKEN_OK, TOKEN_BAD_SIGNATURE or
 * TOKEN_NO_MEMORY. */
enum token_verdict paseto_open(struct buf *message, const struct paseto *p,
	    const struct paserk *key, struct slice implicit);

/* Append the id of the key that the footer names, {"kid":"ID"}.  TOKEN_OK, and
 * then nothing may have been appended: the footer names none. */
enum token_verdict paseto_kid(struct buf *out, const struct paseto *p);

/* What a signed token says, without checking it.  Empty for an encrypted
 * one. */
struct slice paseto_unchecked(const struct paseto *p);

/* Append a token with the message: encrypted with a PASERK_LOCAL key, or signed
 * with a PASERK_SECRET one.  0, or -1 when out of memory. */
int	paseto_make(struct buf *out, const struct paserk *key,
	    struct slice message, struct slice footer, struct slice implicit);

/* The same for PASERK_LOCAL with a given nonce, for tests only. */
int	paseto_make_with_nonce(struct buf *out, const struct paserk *key,
	    struct slice message, struct slice footer, struct slice implicit,
	    const unsigned char nonce[PASETO_NONCE_SIZE]);
