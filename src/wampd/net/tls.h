/*
 * tls.h: what TLS needs beyond what libwebsockets does.
 *
 * Nothing of OpenSSL is initialised unless one of these is called.
 */
#pragma once

#include <openssl/types.h>

#include "base/err.h"

/* In PEM; both NULL: no TLS. */
struct tls_files {
	const char *cert;	/* the certificate, then those up to its CA */
	const char *key;
};

/* Whether a server can be made of these files: readable, a certificate and
 * its key.  0, or -1 with *e filled, which names the key of wampd.yml.  A
 * certificate that is not valid today is a warning in the log. */
int	tls_check(const struct tls_files *files, struct errbuf *e);

/* The same, with what is wrong with each of the files; empty: nothing. */
void	tls_check_each(const struct tls_files *files, struct errbuf *cert,
	    struct errbuf *key);

/* Set up what libwebsockets leaves at its defaults. */
void	tls_setup(SSL_CTX *ctx);
