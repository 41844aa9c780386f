/*
 * tls_peer.c: both ends of TLS in one process.
 */
#include "tls_peer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdlib.h>

SSL_CTX *
tls_client_new(X509 *authority, int version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL || X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx),
	    authority) != 1)
		abort();
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	(void)SSL_CTX_set_min_proto_version(ctx, version);
	(void)SSL_CTX_set_max_proto_version(ctx, version);
	if (version != 0 && version < TLS1_2_VERSION)
		SSL_CTX_set_security_level(ctx, 0);
	return ctx;
}

void
tls_peer_init(struct tls_peer *p, struct tls *tls, SSL_CTX *client,
    const char *host)
{
	*p = (struct tls_peer){ .client = SSL_new(client),
	    .server = tls_conn_new(tls) };
	if (p->client == NULL || p->server == NULL)
		abort();
	SSL_set_bio(p->client, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_connect_state(p->client);
	if (host != NULL && (SSL_set1_host(p->client, host) != 1 ||
	    SSL_ctrl(p->client, SSL_CTRL_SET_TLSEXT_HOSTNAME,
	    TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host) != 1))
		abort();
}

void
tls_peer_clear(struct tls_peer *p)
{
	SSL_free(p->client);
	tls_conn_free(p->server);
	buf_clear(&p->out);
	buf_clear(&p->heard);
}

/* Give the server some bytes. */
static void
serve(struct tls_peer *p, struct slice in)
{
	static _Thread_local char plain[4 * TLS_READ_SIZE];

	if (p->result == TLS_MORE)
		p->result = tls_conn_handshake(p->server, &in, &p->out);
	if (p->result != TLS_DONE)
		return;
	while ((p->end = tls_conn_read(p->server, &in, plain, sizeof(plain),
	    &p->out)) > 0)
		(void)buf_add(&p->heard, plain, (size_t)p->end);
}

void
tls_peer_push(struct tls_peer *p)
{
	BIO *wire = SSL_get_wbio(p->client);
	struct slice all;
	char *data;
	long n = BIO_get_mem_data(wire, &data);
	size_t cut;

	for (all = slice_of(data, (size_t)n); all.len > 0;
	    all = slice_of(all.p + cut, all.len - cut)) {
		cut = p->cut != 0 && p->cut < all.len ? p->cut : all.len;
		serve(p, slice_of(all.p, cut));
	}
	(void)BIO_reset(wire);
}

int
tls_peer_pull(struct tls_peer *p, struct buf *text)
{
	char plain[TLS_READ_SIZE];
	int n;

	(void)BIO_write(SSL_get_rbio(p->client), p->out.data, (int)p->out.len);
	buf_reset(&p->out);
	ERR_clear_error();
	while ((n = SSL_read(p->client, plain, sizeof(plain))) > 0)
		(void)buf_add(text, plain, (size_t)n);
	return SSL_get_error(p->client, n);
}

bool
tls_peer_shake(struct tls_peer *p)
{
	int rc, error = SSL_ERROR_WANT_READ;

	do {
		ERR_clear_error();
		rc = SSL_do_handshake(p->client);
		p->done = rc == 1;
		error = SSL_get_error(p->client, rc);
		tls_peer_push(p);
		(void)BIO_write(SSL_get_rbio(p->client), p->out.data,
		    (int)p->out.len);
		buf_reset(&p->out);
	} while (p->result == TLS_MORE && error == SSL_ERROR_WANT_READ);
	if (!p->done && error == SSL_ERROR_WANT_READ)
		p->done = SSL_do_handshake(p->client) == 1;
	ERR_clear_error();
	return p->done && p->result == TLS_DONE;
}

bool
tls_peer_says(struct tls_peer *p, const char *text, size_t n)
{
	buf_reset(&p->heard);
	if (SSL_write(p->client, text, (int)n) != (int)n)
		return false;
	tls_peer_push(p);
	return slice_eq(buf_slice(&p->heard), slice_of(text, n));
}

bool
tls_peer_hears(struct tls_peer *p, const char *text, size_t n)
{
	struct buf got = { 0 };
	bool same = tls_conn_write(p->server, text, n, &p->out) == 0 &&
	    tls_peer_pull(p, &got) == SSL_ERROR_WANT_READ &&
	    slice_eq(buf_slice(&got), slice_of(text, n));

	buf_clear(&got);
	return same;
}

SSL_SESSION *
tls_peer_session(struct tls_peer *p)
{
	struct buf text = { 0 };

	/* Tickets of TLS 1.3 come behind the handshake. */
	(void)tls_peer_pull(p, &text);
	buf_clear(&text);
	return SSL_get1_session(p->client);
}
