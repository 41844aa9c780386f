/*
 * tls_facts.h: what is known of a client's certificate.
 */
#pragma once

#include <openssl/types.h>

#include "base/buf.h"
#include "wampd/auth/certificate.h"

struct tls_facts {
	struct certificate certificate;	/* borrowed from what follows */
	struct buf	   subject;	/* owned */
	void		  *names;	/* owned; OpenSSL's GENERAL_NAMES, or
					 * NULL */
};

/* Append the subject, as RFC 2253 writes it.  0, or -1 when out of memory. */
int	tls_subject(const X509 *cert, struct buf *out);

/* Read a certificate.  0, or -1 if it is not valid today, or when out of
 * memory: then there is nothing to clear. */
int	tls_facts_read(struct tls_facts *f, const X509 *cert);
void	tls_facts_clear(struct tls_facts *f);
