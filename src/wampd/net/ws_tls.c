/*
 * ws_tls.c: the part of TLS that libwebsockets does not do.
 */
#include "wampd/net/ws_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "base/log.h"
#include "wampd/net/address.h"
#include "wampd/net/tls.h"

/* Keep the first fault. */
static void
on_fault(void *arg, enum tls_file file, size_t i, const char *text)
{
	struct errbuf *e = arg;

	(void)file;
	(void)i;
	if (e->msg[0] == '\0')
		err_set(e, "%s", text);
}

int
ws_tls_check(const struct ws_tls *files, struct errbuf *e)
{
	const char *cert = files->cert, *key = files->key;
	const struct tls_settings set = {
		.certs = { &cert, 1 },
		.keys = { &key, 1 },
	};
	const struct tls_report report = { on_fault, e };

	e->msg[0] = '\0';
	return tls_check(&set, &report);
}

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
