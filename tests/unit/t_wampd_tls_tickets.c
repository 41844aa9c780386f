/*
 * t_wampd_tls_tickets.c: TLS: sessions are resumed by tickets.
 */
#include <openssl/ssl.h>
#include <stdlib.h>

#include "tap.h"
#include "tls_maker.h"
#include "tls_peer.h"
#include "wampd/net/tls.h"

static struct tls_made ca, other_ca, made, client_made;
static const char *cert, *key;
static struct tls_settings set = { .certs = { &cert, 1 }, .keys = { &key, 1 } };
static struct errbuf e;

static struct tls *
open_tls(void)
{
	struct tls *tls = tls_new(&set, &e);

	if (!tap_ok(tls != NULL, "the files are read%s", e.msg))
		exit(tap_done());
	return tls;
}

/* Shake hands, with a session to resume if it is not NULL; *s becomes the new
 * one.  Whether the session was resumed. */
static bool
resumes(struct tls *tls, SSL_CTX *ctx, SSL_SESSION **s)
{
	struct tls_peer p;
	bool reused;

	tls_peer_init(&p, tls, ctx, "wampd.test");
	if (*s != NULL)
		(void)SSL_set_session(p.client, *s);
	tap_ok(tls_peer_shake(&p), "a handshake %s",
	    tls_conn_failure(p.server));
	reused = SSL_session_reused(p.client);
	SSL_SESSION_free(*s);
	*s = tls_peer_session(&p);
	tap_ok(SSL_SESSION_has_ticket(*s), "with a ticket");
	(void)SSL_shutdown(p.client);
	tls_peer_clear(&p);
	return reused;
}

static void
test_resumption(int version)
{
	SSL_CTX *ctx = tls_client_new(ca.cert, version);
	struct tls *tls = open_tls();
	SSL_SESSION *s = NULL, *older;

	tap_ok(!resumes(tls, ctx, &s), "the first session is new");
	tap_ok(resumes(tls, ctx, &s), "it is resumed");
	tap_ok(resumes(tls, ctx, &s), "again");
	tap_int(tls_renew(tls, &set, &e), 0, "the certificate is renewed");
	tap_ok(resumes(tls, ctx, &s), "it is resumed all the same");
	tap_int(tls_rotate(tls), 0, "the key of tickets is renewed");
	older = SSL_SESSION_dup(s);
	tap_ok(resumes(tls, ctx, &s), "tickets of the key before are opened");
	tap_int(tls_rotate(tls), 0, "once more");
	tap_ok(resumes(tls, ctx, &s), "a session in use has a new ticket");
	tap_ok(!resumes(tls, ctx, &older), "an older one is not opened");
	tls_free(tls);
	tls = open_tls();
	tap_ok(!resumes(tls, ctx, &s), "another server does not open it");
	tls_free(tls);
	SSL_SESSION_free(s);
	SSL_SESSION_free(older);
	SSL_CTX_free(ctx);
}

/* The subject of the client's certificate must be known after a resumption, and
 * no ticket must bring a client in that the new rules refuse. */
static void
test_clients(int version)
{
	SSL_CTX *ctx = tls_client_new(ca.cert, version);
	SSL_SESSION *s = NULL;
	struct buf name = { 0 };
	struct tls_peer p;
	struct tls *tls;

	set.client_ca = ca.cert_path;
	set.client_cert = TLS_CLIENT_REQUEST;
	tls = open_tls();
	tap_ok(!resumes(tls, ctx, &s), "a session without certificate");
	tap_ok(resumes(tls, ctx, &s), "is resumed");
	set.client_cert = TLS_CLIENT_REQUIRE;
	tap_int(tls_renew(tls, &set, &e), 0, "now one is required");
	tls_peer_init(&p, tls, ctx, "wampd.test");
	(void)SSL_set_session(p.client, s);
	(void)tls_peer_shake(&p);
	tap_int(p.result, TLS_FAILED, "the ticket does not bring it in");
	tls_peer_clear(&p);
	SSL_SESSION_free(s);
	s = NULL;
	(void)SSL_CTX_use_cert_and_key(ctx, client_made.cert, client_made.key,
	    NULL, 1);
	tap_ok(!resumes(tls, ctx, &s), "a session with certificate");
	tls_peer_init(&p, tls, ctx, "wampd.test");
	(void)SSL_set_session(p.client, s);
	tap_ok(tls_peer_shake(&p) && SSL_session_reused(p.client),
	    "is resumed");
	tap_int(tls_conn_peer_name(p.server, &name), 0, "its subject");
	tap_slice(buf_slice(&name), "CN=client", "is known");
	tls_peer_clear(&p);
	set.client_ca = other_ca.cert_path;
	tap_int(tls_renew(tls, &set, &e), 0, "another authority");
	tls_peer_init(&p, tls, ctx, "wampd.test");
	(void)SSL_set_session(p.client, s);
	(void)tls_peer_shake(&p);
	tap_int(p.result, TLS_FAILED, "its authority is not trusted any more");
	tls_peer_clear(&p);
	SSL_SESSION_free(s);
	SSL_CTX_free(ctx);
	tls_free(tls);
	buf_clear(&name);
	set.client_ca = NULL;
	set.client_cert = TLS_CLIENT_NONE;
}

int
main(void)
{
	tls_maker_begin();
	ca = tls_make(&(struct tls_order){ .cn = "authority" });
	other_ca = tls_make(&(struct tls_order){ .cn = "another" });
	made = tls_make(&(struct tls_order){ .cn = "server",
	    .names = "DNS:wampd.test", .by = &ca });
	client_made = tls_make(&(struct tls_order){ .cn = "client",
	    .by = &ca });
	cert = made.cert_path;
	key = made.key_path;
	test_resumption(TLS1_2_VERSION);
	test_resumption(TLS1_3_VERSION);
	test_clients(TLS1_2_VERSION);
	test_clients(TLS1_3_VERSION);
	tls_made_free(&ca);
	tls_made_free(&other_ca);
	tls_made_free(&made);
	tls_made_free(&client_made);
	tls_maker_end();
	return tap_done();
}
