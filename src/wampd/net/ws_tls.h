/*
 * ws_tls.h: the part of TLS that libwebsockets does not do.
 *
 * OpenSSL is initialised only if one of these functions is called.
 */
#pragma once

#include <openssl/types.h>

#include "base/err.h"

/* Paths of files in PEM; both are NULL without TLS. */
struct ws_tls {
	const char *cert;	/* the certificate and its chain */
	const char *key;
};

/* Check that the files are readable, and are a certificate and its key.  0, or
 * -1 with *e filled, which names the key of wampd.yml.  If the certificate is
 * not valid today, that is logged as a warning. */
int	ws_tls_check(const struct ws_tls *files, struct errbuf *e);

/* Set options for which libwebsockets keeps the defaults. */
void	ws_tls_setup(SSL_CTX *ctx);
