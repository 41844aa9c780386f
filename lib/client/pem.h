/*
 * pem.h: checks files of certificates and keys before a library reads them.
 */
#pragma once

#include "base/err.h"

enum pem_kind { PEM_CERTIFICATE, PEM_KEY };

/* Check that the file contains a certificate or key, without a passphrase.  0,
 * or -1 with *e filled, without the path. */
int	pem_check(const char *path, enum pem_kind kind, struct errbuf *e);
