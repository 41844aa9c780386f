/*
 * tls_bio.h: where OpenSSL reads from and writes to.
 *
 * It takes from the caller's slice and appends to the caller's buffer.  (A pair
 * of memory BIOs would copy all bytes once more, and keep their buffers.)
 */
#pragma once

#include <openssl/bio.h>

#include "base/buf.h"
#include "base/slice.h"

/* The ends of one connection, both NULL when none of OpenSSL's functions
 * runs. */
struct tls_ends {
	struct slice *in;	/* borrowed; moved forward */
	struct buf   *out;	/* borrowed */
};

/* The functions of such a BIO, which they must outlive; free them with
 * BIO_meth_free().  NULL when out of memory. */
BIO_METHOD *tls_bio_method(void);

/* A BIO with these ends, which are borrowed as long as it exists.  NULL when
 * out of memory. */
BIO    *tls_bio_new(const BIO_METHOD *method, struct tls_ends *ends);
