/*
 * tls.c: TLS for a session of the load, with OpenSSL.
 */
#include "bench/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define RECORD_MAX	16384	/* bytes of text in one (RFC 8446, 5.1) */

static void
tls_error(const char *what, struct errbuf *e)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());

	err_set(e, "%s: %s", what, reason != NULL ? reason :
	    "the server closed the connection");
}

struct ssl_ctx_st *
tls_context_new(bool insecure, struct errbuf *e)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL ||
	    SSL_CTX_set_default_verify_paths(context) != 1) {
		tls_error("TLS", e);
		SSL_CTX_free(context);
		return NULL;
	}
	SSL_CTX_set_verify(context, insecure ? SSL_VERIFY_NONE :
	    SSL_VERIFY_PEER, NULL);
	/* Unsent data may move when more is queued. */
	(void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	return context;
}

void
tls_context_free(struct ssl_ctx_st *context)
{
	SSL_CTX_free(context);
}

/* Set the expected name in the certificate and, unless it is an address, in
 * SNI. */
static bool
tls_expect(SSL *tls, const char *host)
{
	struct in6_addr address;

	if (inet_pton(AF_INET, host, &address) == 1 ||
	    inet_pton(AF_INET6, host, &address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls),
		    host) == 1;
	return SSL_set1_host(tls, host) == 1 &&
	    SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME,
	    TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host) == 1;
}

struct ssl_st *
tls_new(struct ssl_ctx_st *context, const char *host, int fd,
    struct errbuf *e)
{
	SSL *tls = SSL_new(context);

	if (tls == NULL || SSL_set_fd(tls, fd) != 1 ||
	    !tls_expect(tls, host)) {
		tls_error("TLS", e);
		SSL_free(tls);
		return NULL;
	}
	SSL_set_connect_state(tls);
	return tls;
}

void
tls_free(struct ssl_st *tls)
{
	SSL_free(tls);
}

/* OpenSSL has a queue of errors for each thread, which must be empty before a
 * call. */
enum tls_step
tls_handshake(struct ssl_st *tls, struct errbuf *e)
{
	int rc;

	ERR_clear_error();
	rc = SSL_do_handshake(tls);
	if (rc == 1)
		return TLS_DONE;
	switch (SSL_get_error(tls, rc)) {
	case SSL_ERROR_WANT_READ:
		return TLS_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WRITE;
	default:
		tls_error("TLS handshake", e);
		return TLS_FAILED;
	}
}

/* Convert a failure to that of recv() or send(). */
static ssize_t
tls_result(SSL *tls, int rc)
{
	switch (SSL_get_error(tls, rc)) {
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_SYSCALL:		/* has set errno */
		return -1;
	default:
		errno = EPROTO;
		return -1;
	}
}

ssize_t
tls_recv(struct ssl_st *tls, char *p, size_t len)
{
	size_t got = 0;
	int rc = 1;

	ERR_clear_error();
	/* Take whole records: epoll does not see data that remains inside
	 * OpenSSL. */
	while (rc > 0 && (got == 0 || len - got >= RECORD_MAX)) {
		rc = SSL_read(tls, p + got, len - got < INT_MAX ?
		    (int)(len - got) : INT_MAX);
		if (rc > 0)
			got += (size_t)rc;
	}
	return got > 0 ? (ssize_t)got : tls_result(tls, rc);
}

ssize_t
tls_send(struct ssl_st *tls, const char *p, size_t len)
{
	int rc;

	ERR_clear_error();
	rc = SSL_write(tls, p, len < INT_MAX ? (int)len : INT_MAX);
	return rc > 0 ? rc : tls_result(tls, rc);
}
