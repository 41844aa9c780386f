/*
 * secret.h: a secret that a file holds: a key, a password.
 *
 * A secret is only in memory that secret_clear() fills with zeros.  Whoever
 * holds one never prints it, and compares it in constant time.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct secret {
	char	*bytes;		/* owned; a NUL follows them; NULL: none */
	size_t	 len;
};

/*
 * Read the file, which must be a regular one of at most max bytes and not
 * empty.  One newline at its end is not part of the secret.  Replaces what *s
 * held.  0, or -1 with *e filled, which names neither the path nor what the
 * file holds; *s is empty then.
 */
int	secret_read(struct secret *s, const char *path, size_t max,
	    struct errbuf *e);

/* Fill *warning if users who are neither the owner of the file nor in its group
 * may read or change it. */
void	secret_warn_open(const char *path, struct errbuf *warning);

/* Replace what *s held by a copy.  0, or -1 when out of memory. */
int	secret_copy(struct secret *s, struct slice bytes);

static inline struct slice
secret_slice(const struct secret *s)
{
	return slice_of(s->bytes, s->len);
}

/* Fill it with zeros and free it.  *s is empty then; it may have been. */
void	secret_clear(struct secret *s);
