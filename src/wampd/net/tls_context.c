/*
 * tls_context.c: the rules and certificates of TLS.
 */
#include "wampd/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "wampd/net/tls_names.h"
#include "wampd/net/tls_tickets.h"

/* What Mozilla's "intermediate" has without the finite fields, which no client
 * needs that has TLS 1.2 and these suites. */
#define CIPHERS_12	"ECDHE-ECDSA-AES128-GCM-SHA256:" \
			"ECDHE-RSA-AES128-GCM-SHA256:" \
			"ECDHE-ECDSA-AES256-GCM-SHA384:" \
			"ECDHE-RSA-AES256-GCM-SHA384:" \
			"ECDHE-ECDSA-CHACHA20-POLY1305:" \
			"ECDHE-RSA-CHACHA20-POLY1305"

#define CIPHERS_13	"TLS_AES_128_GCM_SHA256:" \
			"TLS_AES_256_GCM_SHA384:" \
			"TLS_CHACHA20_POLY1305_SHA256"

#define CERT_LIST_MAX	32768	/* bytes of a client's chain */

struct tls_context {
	atomic_uint	  refs;
	SSL_CTX		 *ssl;		/* owned; the default certificates are
					 * in it */
	struct tls_files  files;
	struct tls_names  names;	/* of files.pairs */
};

/* ---- the certificates ---- */

/* Try each one now, so that none fails in a handshake. */
static int
try_certs(const struct tls_context *x, const struct tls_settings *set,
    const struct tls_report *report)
{
	SSL *trial = SSL_new(x->ssl);
	const struct tls_pair *p;
	const char *reason;
	size_t i;
	int rc = 0;

	for (i = 0; i < x->files.n && trial != NULL; i++) {
		p = &x->files.pairs[i];
		ERR_clear_error();
		if (SSL_use_cert_and_key(trial, p->cert, p->key, p->chain,
		    1) == 1)
			continue;
		reason = tls_reason();
		tls_fault(report, set, TLS_FILE_CERT, i, "%s", reason != NULL ?
		    reason : "not usable");
		rc = -1;
	}
	SSL_free(trial);
	return rc;
}

/* Of several certificates with the same type of key, the last one that is set
 * counts: the wanted one is that with the lowest number.  OpenSSL chooses
 * between the types as the client wants. */
static int
set_certs(const struct tls_context *x, SSL *ssl, const struct tls_name *names,
    size_t n)
{
	const struct tls_pair *p;

	while (n-- > 0) {
		p = &x->files.pairs[names[n].cert];
		if (SSL_use_cert_and_key(ssl, p->cert, p->key, p->chain,
		    1) != 1)
			return -1;
	}
	return 0;
}

/* Clients that name none of our hosts get the first certificate.  Others that
 * share its first name, but have another type of key, stand beside it. */
static int
set_default(const struct tls_context *x)
{
	const struct tls_name only_first = { NULL, 0 }, *found = NULL;
	const struct tls_pair *p;
	size_t n = 0;

	if (x->names.first != NULL)
		found = tls_names_find(&x->names, x->names.first, &n);
	if (n == 0 || found->cert != 0) {
		found = &only_first;
		n = 1;
	}
	while (n-- > 0) {
		p = &x->files.pairs[found[n].cert];
		if (SSL_CTX_use_cert_and_key(x->ssl, p->cert, p->key, p->chain,
		    1) != 1)
			return -1;
	}
	return 0;
}

/* OpenSSL has read the client's hello, and needs a certificate. */
static int
on_cert(SSL *ssl, void *arg)
{
	const struct tls_context *x = arg;
	const char *host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	const struct tls_name *found = NULL;
	size_t n = 0;

	if (host != NULL)
		found = tls_names_find(&x->names, host, &n);
	if (found == NULL)
		return 1;		/* the default ones are set */
	SSL_certs_clear(ssl);
	return set_certs(x, ssl, found, n) == 0;
}

static int
add_certs(struct tls_context *x)
{
	size_t i;

	for (i = 0; i < x->files.n; i++)
		if (tls_names_add(&x->names, x->files.pairs[i].cert, i) == -1)
			return -1;
	tls_names_sort(&x->names);
	if (x->files.n > 1)
		SSL_CTX_set_cert_cb(x->ssl, on_cert, x);
	return set_default(x);
}

/* ---- clients' certificates ---- */

/* A session counts only where it was made: one without a certificate must not
 * be resumed when certificates are required, nor one with a certificate when
 * its authority has gone. */
static int
set_session_context(const struct tls_context *x,
    const struct tls_settings *set)
{
	unsigned char id[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	char how[] = "wampd0";
	int i, rc = -1;

	how[sizeof(how) - 2] = (char)('0' + set->client_cert);
	if (digest == NULL ||
	    EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1 ||
	    EVP_DigestUpdate(digest, how, sizeof(how)) != 1)
		goto out;
	for (i = 0; set->client_cert != TLS_CLIENT_NONE &&
	    i < sk_X509_num(x->files.authorities); i++)
		if (X509_digest(sk_X509_value(x->files.authorities, i),
		    EVP_sha256(), id, &len) != 1 ||
		    EVP_DigestUpdate(digest, id, len) != 1)
			goto out;
	if (EVP_DigestFinal_ex(digest, id, &len) == 1 &&
	    SSL_CTX_set_session_id_context(x->ssl, id, len) == 1)
		rc = 0;
out:
	EVP_MD_CTX_free(digest);
	return rc;
}

static int
ask_clients(const struct tls_context *x, const struct tls_settings *set)
{
	X509_STORE *store = SSL_CTX_get_cert_store(x->ssl);
	X509 *cert;
	int i, how = SSL_VERIFY_PEER;

	if (set->client_cert == TLS_CLIENT_NONE)
		return 0;
	for (i = 0; i < sk_X509_num(x->files.authorities); i++) {
		cert = sk_X509_value(x->files.authorities, i);
		if (X509_STORE_add_cert(store, cert) != 1 ||
		    SSL_CTX_add_client_CA(x->ssl, cert) != 1)
			return -1;
	}
	if (set->client_cert == TLS_CLIENT_REQUIRE)
		how |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(x->ssl, how, NULL);
	SSL_CTX_set_max_cert_list(x->ssl, CERT_LIST_MAX);
	return 0;
}

/* ---- the rules ---- */

/* A client that offers only protocols which we do not have is told so (RFC
 * 7301, 3.2): it would take our answers for those of another. */
static int
on_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned int inlen, void *arg)
{
	static const char http[] = "\x08http/1.1";
	const unsigned char *end = in + inlen;

	(void)ssl;
	(void)arg;
	for (; in < end; in += 1 + *in) {
		if (*in != sizeof(http) - 2 || end - in < *in + 1 ||
		    memcmp(in, http, sizeof(http) - 1) != 0)
			continue;
		*out = in + 1;
		*outlen = *in;
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* A cache of sessions would grow with each client; tickets need none.  OpenSSL
 * 3.5 also has a group that withstands quantum computers, X25519MLKEM768: its
 * keys would take another 6 KiB of each connection until its end. */
static int
set_rules(SSL_CTX *ssl)
{
	char groups[] = "X25519:P-256:P-384";

	SSL_CTX_set_alpn_select_cb(ssl, on_alpn, NULL);
	/* AES with 128 bits is the fastest, unless the client prefers ChaCha20
	 * because it has no instructions for AES. */
	(void)SSL_CTX_set_options(ssl, SSL_OP_NO_COMPRESSION |
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
	    SSL_OP_PRIORITIZE_CHACHA);
	(void)SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
	/* Records without data must be counted: come back after each. */
	(void)SSL_CTX_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
	(void)SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
	if (SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ssl, CIPHERS_12) != 1 ||
	    SSL_CTX_set_ciphersuites(ssl, CIPHERS_13) != 1 ||
	    SSL_CTX_set1_groups_list(ssl, groups) != 1)
		return -1;
	return 0;
}

/* ---- life ---- */

static int
context_fill(struct tls_context *x, const struct tls_settings *set,
    struct tls_tickets *tickets)
{
	if (set_rules(x->ssl) == -1 || ask_clients(x, set) == -1 ||
	    set_session_context(x, set) == -1 || add_certs(x) == -1)
		return -1;
	if (tickets != NULL)
		tls_tickets_serve(tickets, x->ssl);
	return 0;
}

struct tls_context *
tls_context_new(const struct tls_settings *set, struct tls_tickets *tickets,
    const struct tls_report *report)
{
	struct tls_context *x = calloc(1, sizeof(*x));
	struct errbuf e;

	if (x != NULL) {
		atomic_init(&x->refs, 1);
		if (tls_files_read(&x->files, set, report) == -1)
			goto fail;
		if ((x->ssl = SSL_CTX_new(TLS_server_method())) != NULL) {
			if (try_certs(x, set, report) == -1)
				goto fail;
			if (context_fill(x, set, tickets) == 0)
				return x;
		}
	}
	err_set(&e, "OpenSSL does not start: %s", tls_reason() != NULL ?
	    tls_reason() : "out of memory");
	report->fault(report->arg, TLS_FILE_CERT, 0, e.msg);
fail:
	ERR_clear_error();
	tls_context_unref(x);
	return NULL;
}

struct tls_context *
tls_context_ref(struct tls_context *x)
{
	(void)atomic_fetch_add_explicit(&x->refs, 1, memory_order_relaxed);
	return x;
}

void
tls_context_unref(struct tls_context *x)
{
	if (x == NULL || atomic_fetch_sub_explicit(&x->refs, 1,
	    memory_order_acq_rel) > 1)
		return;
	SSL_CTX_free(x->ssl);
	tls_names_clear(&x->names);
	tls_files_clear(&x->files);
	free(x);
}

/* When a certificate expires, in ms since 1970. */
static int64_t
expiry(const X509 *cert)
{
	struct tm tm;

	return ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) == 1 ?
	    (int64_t)timegm(&tm) * 1000 : INT64_MAX;
}

/* The first name of that certificate. */
static const char *
name_of(const struct tls_context *x, size_t cert)
{
	size_t i;

	for (i = 0; i < x->names.n; i++)
		if (x->names.v[i].cert == cert)
			return x->names.v[i].name;
	return NULL;
}

struct tls_cert
tls_context_soonest(const struct tls_context *x)
{
	struct tls_cert soonest = { NULL, INT64_MAX };
	size_t i, which = 0;
	int64_t at;

	for (i = 0; i < x->files.n; i++) {
		at = expiry(x->files.pairs[i].cert);
		if (at < soonest.not_after) {
			soonest.not_after = at;
			which = i;
		}
	}
	soonest.name = name_of(x, which);
	return soonest;
}

SSL_CTX *
tls_context_ssl(const struct tls_context *x)
{
	return x->ssl;
}
