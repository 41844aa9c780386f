/*
 * tls_files.c: the files of TLS.
 */
#include "wampd/net/tls_files.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"

/* ---- faults ---- */

static const char *
file_path(const struct tls_settings *set, enum tls_file file, size_t i)
{
	switch (file) {
	case TLS_FILE_CERT:
		return set->certs.v[i];
	case TLS_FILE_KEY:
		return set->keys.v[i];
	case TLS_FILE_CLIENT_CA:
	default:
		return set->client_ca;
	}
}

void
tls_fault(const struct tls_report *report, const struct tls_settings *set,
    enum tls_file file, size_t i, const char *fmt, ...)
{
	static const char *const keys[] = { "tls.cert", "tls.key",
	    "tls.client_ca" };
	struct errbuf e;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e.msg, sizeof(e.msg), fmt, ap);
	va_end(ap);
	err_wrap(&e, "%s: %s", keys[file], file_path(set, file, i));
	report->fault(report->arg, file, i, e.msg);
}

const char *
tls_reason(void)
{
	return ERR_reason_error_string(ERR_peek_error());
}

static const char *
file_reason(void)
{
	const char *reason = tls_reason();

	return reason != NULL ? reason : "not usable";
}

/* ---- one file ---- */

/* There is nobody to type a passphrase. */
static int
no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

/* NULL with *e filled. */
static BIO *
file_open(const char *path, struct errbuf *e)
{
	BIO *in = NULL;

	if (access(path, R_OK) == -1)
		err_set(e, "%s", strerror(errno));
	else if ((in = BIO_new_file(path, "re")) == NULL)
		err_set(e, "%s", file_reason());
	ERR_clear_error();	/* the next reason must be the content's */
	return in;
}

/* Read certificates up to the end of the file. */
static STACK_OF(X509) *
read_certs(const char *path, struct errbuf *e)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	BIO *in = file_open(path, e);
	X509 *cert = NULL;

	if (in == NULL) {
		sk_X509_free(certs);
		return NULL;
	}
	while (certs != NULL && (cert = PEM_read_bio_X509_AUX(in, NULL,
	    no_passphrase, NULL)) != NULL && sk_X509_push(certs, cert) > 0)
		;
	BIO_free(in);
	/* The end of the file is the lack of a further first line. */
	if (sk_X509_num(certs) > 0 &&
	    ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) {
		ERR_clear_error();
		return certs;
	}
	err_set(e, "no certificate in PEM: %s", file_reason());
	sk_X509_pop_free(certs, X509_free);
	return NULL;
}

static EVP_PKEY *
read_key(const char *path, struct errbuf *e)
{
	BIO *in = file_open(path, e);
	EVP_PKEY *key;

	if (in == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL);
	BIO_free(in);
	if (key == NULL)
		err_set(e, "no private key in PEM without a passphrase: %s",
		    file_reason());
	ERR_clear_error();
	return key;
}

/* ---- certificates and keys ---- */

struct reading {
	struct tls_files	  *files;
	const struct tls_settings *set;
	const struct tls_report	  *report;
	bool			   failed;
};

#define FAULT(r, ...) do {						\
	tls_fault((r)->report, (r)->set, __VA_ARGS__);			\
	(r)->failed = true;						\
} while (0)

static void
warn_of_date(struct reading *r, size_t i)
{
	const X509 *cert = r->files->pairs[i].cert;
	const char *what;
	struct errbuf e;

	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		what = "the certificate has expired";
	else if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		what = "the certificate is not valid yet";
	else
		return;
	err_set(&e, "tls.cert: %s: %s", r->set->certs.v[i], what);
	if (r->report->warning != NULL)
		r->report->warning(r->report->arg, TLS_FILE_CERT, i, e.msg);
	else
		log_warn("%s", e.msg);
}

static void
read_all_certs(struct reading *r)
{
	struct tls_pair *pair;
	struct errbuf e;
	size_t i;

	for (i = 0; i < r->files->n; i++) {
		pair = &r->files->pairs[i];
		pair->chain = read_certs(r->set->certs.v[i], &e);
		if (pair->chain == NULL)
			FAULT(r, TLS_FILE_CERT, i, "%s", e.msg);
		else
			pair->cert = sk_X509_shift(pair->chain);
	}
}

/* Give the key to its certificates.  Whether there is one. */
static bool
match_key(struct tls_files *files, EVP_PKEY *key)
{
	struct tls_pair *pair;
	bool found = false;

	for (pair = files->pairs; pair < files->pairs + files->n; pair++) {
		if (pair->cert == NULL ||
		    X509_check_private_key(pair->cert, key) != 1)
			continue;
		found = true;
		if (pair->key == NULL && EVP_PKEY_up_ref(key) == 1)
			pair->key = key;
	}
	ERR_clear_error();
	return found;
}

/* A key that is left over is not a fault if we could not read all
 * certificates: it may belong to one of these. */
static void
read_all_keys(struct reading *r)
{
	bool all = !r->failed;
	struct errbuf e;
	EVP_PKEY *key;
	size_t i;

	for (i = 0; i < r->set->keys.n; i++) {
		key = read_key(r->set->keys.v[i], &e);
		if (key == NULL)
			FAULT(r, TLS_FILE_KEY, i, "%s", e.msg);
		else if (!match_key(r->files, key) && all)
			FAULT(r, TLS_FILE_KEY, i, r->files->n == 1 ?
			    "it does not belong to tls.cert" :
			    "it belongs to no certificate of tls.cert");
		EVP_PKEY_free(key);
	}
}

/* Keys that were at fault have been told; one of them may be the missing
 * one. */
static void
check_pairs(struct reading *r)
{
	const struct tls_pair *pair = r->files->pairs;
	bool all = !r->failed;
	size_t i;

	for (i = 0; i < r->files->n; i++, pair++) {
		if (all && pair->key == NULL)
			FAULT(r, TLS_FILE_CERT, i, "its key is not in tls.key");
		else if (pair->key != NULL)
			warn_of_date(r, i);
	}
}

int
tls_files_read(struct tls_files *files, const struct tls_settings *set,
    const struct tls_report *report)
{
	struct reading r = { files, set, report, false };
	struct errbuf e;

	memset(files, 0, sizeof(*files));
	files->pairs = calloc(set->certs.n, sizeof(*files->pairs));
	if (files->pairs == NULL) {
		FAULT(&r, TLS_FILE_CERT, 0, "out of memory");
		return -1;
	}
	files->n = set->certs.n;
	read_all_certs(&r);
	read_all_keys(&r);
	check_pairs(&r);
	if (set->client_ca != NULL &&
	    (files->authorities = read_certs(set->client_ca, &e)) == NULL)
		FAULT(&r, TLS_FILE_CLIENT_CA, 0, "%s", e.msg);
	ERR_clear_error();
	return r.failed ? -1 : 0;
}

void
tls_files_clear(struct tls_files *files)
{
	struct tls_pair *pair;

	for (pair = files->pairs; pair < files->pairs + files->n; pair++) {
		X509_free(pair->cert);
		sk_X509_pop_free(pair->chain, X509_free);
		EVP_PKEY_free(pair->key);
	}
	free(files->pairs);
	sk_X509_pop_free(files->authorities, X509_free);
	memset(files, 0, sizeof(*files));
}
