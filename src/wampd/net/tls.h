/*
 * tls.h: the part of TLS that libwebsockets does not do.
 *
 * OpenSSL is initialised only if one of these functions is called.
 */
#pragma once

#include <openssl/types.h>

#include "base/err.h"

/* Paths of files in PEM; both are NULL without TLS. */
struct tls_files {
	const char *cert;	/* the certificate and its chain */
	const char *key;
};

/* Check that the files are readable, and are a certificate and its key.  0, or
 * -1 with *e filled, which names the key of wampd.yml.  If the certificate is
 * not valid today, that is logged as a warning. */
int	tls_check(const struct tls_files *files, struct errbuf *e);

/* The same check, with an error for each file; the message is empty if the file
 * is right. */
void	tls_check_each(const struct tls_files *files, struct errbuf *cert,
	    struct errbuf *key);

/* Set options for which libwebsockets keeps the defaults. */
void	tls_setup(SSL_CTX *ctx);
