/*
 * pem.h: files of certificates and keys, looked at before a library is.
 */
#pragma once

#include "base/err.h"

enum pem_kind { PEM_CERTIFICATE, PEM_KEY };

/* Whether the file has one of that kind, which needs no passphrase.  0, or -1
 * with *e filled, without the path. */
int	pem_check(const char *path, enum pem_kind kind, struct errbuf *e);
