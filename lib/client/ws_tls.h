/*
 * ws_tls.h: why a server's certificate was not accepted.
 */
#pragma once

#include "base/err.h"

/* From OpenSSL's X509_STORE_CTX, inside its verification. */
void	ws_tls_explain(struct errbuf *e, void *store_context);
