/*
 * tls_facts.c: what is known of a client's certificate.
 */
#include "wampd/net/tls_facts.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

int
tls_subject(const X509 *cert, struct buf *out)
{
	BIO *text = BIO_new(BIO_s_mem());
	char *p;
	long n;
	int rc = -1;

	if (text != NULL &&
	    X509_NAME_print_ex(text, X509_get_subject_name(cert), 0,
	    XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0 &&
	    (n = BIO_get_mem_data(text, &p)) >= 0)
		rc = buf_add(out, p, (size_t)n);
	BIO_free(text);
	ERR_clear_error();
	return rc;
}

static void
add_san(struct certificate *c, const GENERAL_NAME *name)
{
	struct certificate_san *san = &c->sans[c->n_sans];
	const ASN1_STRING *text;
	int type;

	text = GENERAL_NAME_get0_value(name, &type);
	if (type == GEN_DNS)
		san->kind = CERTIFICATE_DNS;
	else if (type == GEN_EMAIL)
		san->kind = CERTIFICATE_EMAIL;
	else if (type == GEN_URI)
		san->kind = CERTIFICATE_URI;
	else
		return;
	san->value = slice_of((const char *)ASN1_STRING_get0_data(text),
	    (size_t)ASN1_STRING_length(text));
	c->n_sans++;
}

static void
add_sans(struct tls_facts *f, const X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name,
	    NULL, NULL);
	int i;

	f->names = names;
	for (i = 0; i < sk_GENERAL_NAME_num(names) &&
	    f->certificate.n_sans < CERTIFICATE_SANS; i++)
		add_san(&f->certificate, sk_GENERAL_NAME_value(names, i));
	ERR_clear_error();
}

/* It was valid when it was verified, but a session may be resumed later. */
static bool
is_valid_today(const X509 *cert)
{
	return X509_cmp_current_time(X509_get0_notBefore(cert)) < 0 &&
	    X509_cmp_current_time(X509_get0_notAfter(cert)) > 0;
}

int
tls_facts_read(struct tls_facts *f, const X509 *cert)
{
	*f = (struct tls_facts){ .names = NULL };
	if (!is_valid_today(cert) || tls_subject(cert, &f->subject) == -1 ||
	    X509_digest(cert, EVP_sha256(), f->certificate.fingerprint,
	    NULL) != 1) {
		buf_clear(&f->subject);
		ERR_clear_error();
		return -1;
	}
	f->certificate.subject = buf_slice(&f->subject);
	add_sans(f, cert);
	return 0;
}

void
tls_facts_clear(struct tls_facts *f)
{
	GENERAL_NAMES_free(f->names);
	buf_clear(&f->subject);
	*f = (struct tls_facts){ .names = NULL };
}
