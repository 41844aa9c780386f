/*
 * paserk.h: keys of PASETO version 4 as text, as PASERK defines it.
 *
 *	k4.local.TEXT	a secret that encrypts and decrypts
 *	k4.secret.TEXT	a secret that signs
 *	k4.public.TEXT	what checks such a signature
 *
 * The id of a key may be published, and can stand in a token:
 *
 *	k4.lid.TEXT	of a k4.local
 *	k4.pid.TEXT	of a k4.public, and here of the k4.secret beside it
 *
 * PASERK has an id of its own for k4.secret.  It is of no use here: those who
 * check a signature do not have that key.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum paserk_type { PASERK_LOCAL, PASERK_PUBLIC, PASERK_SECRET };

#define PASERK_LOCAL_SIZE	32
#define PASERK_PUBLIC_SIZE	32
#define PASERK_SECRET_SIZE	64	/* a seed and the public key */
#define PASERK_ID_SIZE		52	/* "k4.pid.", 44 characters, a NUL */

struct paserk {
	enum paserk_type type;
	unsigned char bytes[PASERK_SECRET_SIZE];	/* as many as the type
							 * has */
};

/* Read a key.  0, or -1 with *e filled; the message does not repeat the
 * text. */
int	paserk_read(struct paserk *out, struct slice text, struct errbuf *e);

/* Append the key as text.  0, or -1 when out of memory. */
int	paserk_write(struct buf *out, const struct paserk *k);

/* Write its id to out, which has PASERK_ID_SIZE bytes.  0, or -1 when out of
 * memory. */
int	paserk_id(char *out, const struct paserk *k);

/* Make a new key: PASERK_LOCAL or PASERK_SECRET. */
void	paserk_make(struct paserk *out, enum paserk_type type);

/* The public key beside a secret one. */
void	paserk_public(struct paserk *out, const struct paserk *secret);

/* Whether it must be kept secret. */
static inline bool
paserk_is_secret(const struct paserk *k)
{
	return k->type != PASERK_PUBLIC;
}

/* Overwrite the key with zeroes. */
void	paserk_clear(struct paserk *k);
