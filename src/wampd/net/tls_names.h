/*
 * tls_names.h: which certificates serve which host names.
 */
#pragma once

#include <openssl/types.h>
#include <stddef.h>

#include "base/arena.h"

struct tls_name {
	const char *name;	/* in lower case; may begin with "*." */
	size_t	    cert;	/* the certificate's number */
};

/* All zero is empty. */
struct tls_names {
	struct tls_name *v;	/* owned */
	size_t		 n;
	const char	*first;	/* the first name that was added, or NULL */
	struct arena	 arena;	/* owns the names */
};

/* Add the names of a certificate: those of subjectAltName, addresses as text
 * (some clients send them like names), or the common name if there is no DNS
 * name.  0, or -1 when out of memory. */
int	tls_names_add(struct tls_names *names, const X509 *cert, size_t number);

/* Call it once, when all certificates are added. */
void	tls_names_sort(struct tls_names *names);

/* The certificates for a host: those with its exact name, or else those whose
 * wildcard stands for its first label.  The result is the first of *n entries
 * in the order of their numbers; NULL, and 0, if there is none. */
const struct tls_name *tls_names_find(const struct tls_names *names,
	    const char *host, size_t *n);

void	tls_names_clear(struct tls_names *names);
