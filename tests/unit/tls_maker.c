/*
 * tls_maker.c: certificates for tests of TLS.
 */
#include "tls_maker.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY	(24L * 3600)

static char folder[32];
static long serial;

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "tls_maker: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

void
tls_maker_begin(void)
{
	(void)strcpy(folder, "/tmp/wampd-tls-XXXXXX");
	must(mkdtemp(folder) != NULL, "no folder");
}

const char *
tls_maker_path(const char *name)
{
	static char path[300];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

void
tls_maker_end(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		(void)unlink(tls_maker_path(entry->d_name));
	if (dir != NULL)
		(void)closedir(dir);
	(void)rmdir(folder);
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(ext != NULL && X509_add_ext(cert, ext, -1) == 1, value);
	X509_EXTENSION_free(ext);
}

static X509 *
make_cert(const struct tls_order *order, EVP_PKEY *key)
{
	bool today = order->from == 0 && order->to == 0;
	X509 *cert = X509_new();
	X509_NAME *name = X509_NAME_new();

	must(cert != NULL && name != NULL && X509_set_version(cert, 2) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(cert), today ? -DAY :
	    order->from) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(cert), today ? DAY :
	    order->to) != NULL &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)order->cn, -1, -1, 0) == 1 &&
	    X509_set_subject_name(cert, name) == 1 &&
	    X509_set_issuer_name(cert, order->by == NULL ? name :
	    X509_get_subject_name(order->by->cert)) == 1 &&
	    X509_set_pubkey(cert, key) == 1, "no certificate");
	if (order->names != NULL)
		add_extension(cert, NID_subject_alt_name, order->names);
	if (order->by == NULL)
		add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	must(X509_sign(cert, order->by == NULL ? key : order->by->key,
	    EVP_sha256()) > 0, "not signed");
	X509_NAME_free(name);
	return cert;
}

static void
write_files(const struct tls_made *made, const struct tls_made *by)
{
	FILE *f = fopen(made->cert_path, "w");

	must(f != NULL && PEM_write_X509(f, made->cert) == 1 &&
	    (by == NULL || PEM_write_X509(f, by->cert) == 1) &&
	    fclose(f) == 0, made->cert_path);
	f = fopen(made->key_path, "w");
	must(f != NULL && PEM_write_PrivateKey(f, made->key, NULL, NULL, 0,
	    NULL, NULL) == 1 && fclose(f) == 0, made->key_path);
}

struct tls_made
tls_make(const struct tls_order *order)
{
	struct tls_made made = { 0 };

	made.key = order->kind == TLS_KIND_RSA ? EVP_RSA_gen(2048) :
	    EVP_EC_gen("P-256");
	must(made.key != NULL, "no key");
	made.cert = make_cert(order, made.key);
	(void)snprintf(made.cert_path, sizeof(made.cert_path), "%s/%ld.pem",
	    folder, serial);
	(void)snprintf(made.key_path, sizeof(made.key_path), "%s/%ld.key",
	    folder, serial);
	write_files(&made, order->by);
	return made;
}

void
tls_made_free(struct tls_made *made)
{
	X509_free(made->cert);
	EVP_PKEY_free(made->key);
	memset(made, 0, sizeof(*made));
}

void
tls_made_replace(const struct tls_made *a, const struct tls_made *b)
{
	struct tls_made files = *b;

	files.cert = a->cert;
	files.key = a->key;
	write_files(&files, NULL);
}
