/*
 * ws_tls.c: the part of TLS that libwebsockets does not do.
 */
#include "wampd/net/ws_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "wampd/net/address.h"

/* ---- the files ---- */

/* The first of OpenSSL's reasons; the others only name places in its code. */
static const char *
tls_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	return reason != NULL ? reason : "not usable";
}

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

static int
check_readable(const char *path, struct errbuf *e)
{
	if (access(path, R_OK) == 0)
		return 0;
	err_set(e, "%s", strerror(errno));
	return -1;
}

static int
load_cert(SSL_CTX *ctx, const char *path, struct errbuf *e)
{
	if (check_readable(path, e) == -1)
		return -1;
	if (SSL_CTX_use_certificate_chain_file(ctx, path) == 1)
		return 0;
	err_set(e, "no certificate in PEM: %s", tls_reason());
	return -1;
}

/* If paired is set, the key must belong to the certificate that was loaded. */
static int
load_key(SSL_CTX *ctx, const char *path, bool paired, struct errbuf *e)
{
	int lib;

	if (check_readable(path, e) == -1)
		return -1;
	/* A key of another type than the certificate's is stored in its own
	 * place of the context; only the check compares the two. */
	if (SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) == 1 &&
	    (!paired || SSL_CTX_check_private_key(ctx) == 1))
		return 0;
	lib = ERR_GET_LIB(ERR_peek_error());
	if (paired && (lib == ERR_LIB_X509 || lib == ERR_LIB_SSL))
		err_set(e, "it does not belong to tls.cert");
	else
		err_set(e, "no private key in PEM without a passphrase: %s",
		    tls_reason());
	return -1;
}

static void
warn_of_date(const X509 *cert, const char *path)
{
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		log_warn("tls.cert: %s: the certificate has expired", path);
	else if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		log_warn("tls.cert: %s: the certificate is not valid yet",
		    path);
}

void
ws_tls_check_each(const struct ws_tls *files, struct errbuf *cert,
    struct errbuf *key)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool loaded;

	cert->msg[0] = key->msg[0] = '\0';
	if (ctx == NULL) {
		err_set(cert, "OpenSSL does not start: %s", tls_reason());
		goto out;
	}
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	loaded = load_cert(ctx, files->cert, cert) == 0;
	if (!loaded)
		err_wrap(cert, "tls.cert: %s", files->cert);
	ERR_clear_error();	/* the next reason must be the key's */
	if (load_key(ctx, files->key, loaded, key) == -1)
		err_wrap(key, "tls.key: %s", files->key);
	else if (loaded)
		warn_of_date(SSL_CTX_get0_certificate(ctx), files->cert);
out:
	ERR_clear_error();
	SSL_CTX_free(ctx);
}

int
ws_tls_check(const struct ws_tls *files, struct errbuf *e)
{
	struct errbuf key;

	ws_tls_check_each(files, e, &key);
	if (e->msg[0] == '\0')
		*e = key;
	return e->msg[0] == '\0' ? 0 : -1;
}

/* ---- the server ---- */

/* Log handshakes that fail; libwebsockets closes them silently.  Most problems
 * with TLS show here: a client that does not trust the certificate, that is too
 * old, or that speaks plain HTTP. */
static void
on_info(const SSL *ssl, int where, int ret)
{
	struct buf text = { 0 };
	struct address peer;

	if (where != SSL_CB_ACCEPT_EXIT || ret > 0 || ERR_peek_error() == 0)
		return;			/* done, or it waits for the peer */
	peer = address_of_peer(SSL_get_fd(ssl));
	if (address_describe(&peer, &text) == 0)
		log_info("transport=ws address=%s the TLS handshake failed: "
		    "%s", log_quote(buf_slice(&text)).s, tls_reason());
	buf_clear(&text);
}

void
ws_tls_setup(SSL_CTX *ctx)
{
	int groups[] = { NID_X25519, NID_X9_62_prime256v1, NID_secp384r1 };

	(void)SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	/* libwebsockets allows only one group.  Most clients guess another, and
	 * would need a further round trip. */
	(void)SSL_CTX_set1_groups(ctx, groups,
	    sizeof(groups) / sizeof(groups[0]));
	/* Sessions are resumed by tickets.  A cache would grow with each
	 * client. */
	(void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_info_callback(ctx, on_info);
}
