/*
 * tls_bio.c: where OpenSSL reads from and writes to.
 */
#include "wampd/net/tls_bio.h"

static int
bio_read(BIO *bio, char *p, int size)
{
	struct slice *in = ((struct tls_ends *)BIO_get_data(bio))->in;
	size_t n = (size_t)size;

	BIO_clear_retry_flags(bio);
	if (size <= 0 || in == NULL || in->len == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	if (n > in->len)
		n = in->len;
	memcpy(p, in->p, n);
	in->p += n;
	in->len -= n;
	return (int)n;
}

/* It fails only when out of memory.  OpenSSL takes that for the end of the
 * connection. */
static int
bio_write(BIO *bio, const char *p, int n)
{
	struct buf *out = ((struct tls_ends *)BIO_get_data(bio))->out;

	BIO_clear_retry_flags(bio);
	if (n <= 0 || out == NULL || buf_add(out, p, (size_t)n) == -1)
		return -1;
	return n;
}

/* There is nothing to flush, and nothing else to tell. */
static long
bio_ctrl(BIO *bio, int what, long number, void *arg)
{
	(void)bio;
	(void)number;
	(void)arg;
	return what == BIO_CTRL_FLUSH;
}

BIO_METHOD *
tls_bio_method(void)
{
	BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
	    "wampd");

	if (m != NULL && BIO_meth_set_read(m, bio_read) == 1 &&
	    BIO_meth_set_write(m, bio_write) == 1 &&
	    BIO_meth_set_ctrl(m, bio_ctrl) == 1)
		return m;
	BIO_meth_free(m);
	return NULL;
}

BIO *
tls_bio_new(const BIO_METHOD *method, struct tls_ends *ends)
{
	BIO *bio = BIO_new(method);

	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, ends);
	BIO_set_init(bio, 1);
	return bio;
}
