/*
 * tls_socket.c: a client of TLS on a socket to the loop of net_loop.h.
 */
#include "tls_socket.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls_maker.h"

#define PIECE	65536	/* bytes */

struct tls *
tls_socket_server(void)
{
	const struct tls_order order = { .cn = "a.test" };
	struct tls_made made;
	const char *cert, *key;
	struct tls_settings set = { .certs = { &cert, 1 },
	    .keys = { &key, 1 } };
	struct errbuf e;
	struct tls *tls;

	tls_maker_begin();
	made = tls_make(&order);
	cert = made.cert_path;
	key = made.key_path;
	if ((tls = tls_new(&set, &e)) == NULL)
		abort();
	tls_made_free(&made);
	tls_maker_end();
	return tls;
}

void
tls_socket_open(struct tls_socket *t, int fd, int version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	*t = (struct tls_socket){ .fd = fd };
	if (ctx == NULL || (t->ssl = SSL_new(ctx)) == NULL ||
	    SSL_set_min_proto_version(t->ssl, version) != 1 ||
	    SSL_set_max_proto_version(t->ssl, version) != 1)
		abort();
	SSL_CTX_free(ctx);
	SSL_set_bio(t->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_connect_state(t->ssl);
}

void
tls_socket_close(struct tls_socket *t)
{
	SSL_free(t->ssl);
	(void)close(t->fd);
}

/* What the client has written goes out, and what has come goes in.  Whether
 * anything has come. */
static bool
carry(struct tls_socket *t)
{
	static char piece[PIECE];
	BIO *in = SSL_get_rbio(t->ssl), *out = SSL_get_wbio(t->ssl);
	bool some = false;
	ssize_t n;

	while ((n = BIO_read(out, piece, sizeof(piece))) > 0)
		(void)peer_write(t->fd, slice_of(piece, (size_t)n));
	while ((n = recv(t->fd, piece, sizeof(piece), 0)) > 0) {
		if (BIO_write(in, piece, (int)n) != n)
			abort();
		t->writes++;
		t->bytes += (size_t)n;
		some = true;
	}
	t->ended |= n == 0;
	return some;
}

void
tls_socket_carry(struct tls_socket *t)
{
	(void)carry(t);
}

void
tls_socket_take(struct tls_socket *t, struct buf *out)
{
	int n;

	do {
		if (buf_reserve(out, PIECE) == -1)
			abort();
		n = BIO_read(SSL_get_wbio(t->ssl), out->data + out->len,
		    PIECE);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0);
}

bool
tls_socket_shake(struct tls_socket *t, struct loop *s)
{
	bool some;
	int rc;

	do {
		rc = SSL_do_handshake(t->ssl);
		some = carry(t);
		if (!loop_settle(s))
			return false;
		some |= carry(t);
	} while (some && rc != 1);
	ERR_clear_error();
	return rc == 1;
}

void
tls_socket_say(struct tls_socket *t, const char *p, size_t n)
{
	if (SSL_write(t->ssl, p, (int)n) != (int)n)
		abort();
	(void)carry(t);
}

/* Append what has come.  Returns what SSL_get_error() says in the end. */
static int
decrypt(struct tls_socket *t, struct buf *out)
{
	int n = 0;

	while (buf_reserve(out, PIECE) == 0 &&
	    (n = SSL_read(t->ssl, out->data + out->len, PIECE)) > 0)
		out->len += (size_t)n;
	n = SSL_get_error(t->ssl, n);
	ERR_clear_error();
	return n;
}

bool
tls_socket_read(struct tls_socket *t, struct buf *out)
{
	(void)carry(t);
	return decrypt(t, out) == SSL_ERROR_ZERO_RETURN;
}

void
tls_socket_shut(struct tls_socket *t)
{
	(void)SSL_shutdown(t->ssl);
	(void)carry(t);
	(void)shutdown(t->fd, SHUT_WR);
}

int
tls_socket_hear(struct tls_socket *t, struct loop *s, struct buf *out)
{
	int why = SSL_ERROR_WANT_READ;
	bool some;

	do {
		if (!loop_settle(s))
			break;
		some = carry(t);
		why = decrypt(t, out);
	} while (some);
	return why;
}
