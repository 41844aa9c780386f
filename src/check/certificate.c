/*
 * certificate.c: when the certificates of a server expire.
 */
#include "check/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/reach.h"
#include "client/url.h"

#define DAY	86400.0	/* s */

/* Wait until fd is ready, or the time is over. */
static enum exit_status
wait_for(int fd, short events, int64_t until, struct errbuf *e)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left = until == -1 ? -1 : until - clock_ms();
	int n;

	do
		n = poll(&p, 1, left < 0 && until != -1 ? 0 : (int)left);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		return EXIT_DONE;
	err_set(e, "timed out");
	return EXIT_TIMEOUT;
}

static enum exit_status
connect_to(int *out, const struct ws_url *u, int64_t until, struct errbuf *e)
{
	struct reach_end end = { .until_ms = until, .wake_fd = -1 };
	struct reach r;
	enum exit_status status;
	socklen_t len = sizeof(int);
	int fd, error = 0;

	status = reach_name(&r, u->host, u->port, &end, e);
	if (status != EXIT_DONE)
		return status;
	fd = socket(r.addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	*out = fd;
	if (fd == -1 || (connect(fd, (const struct sockaddr *)&r.addr,
	    r.len) == -1 && errno != EINPROGRESS)) {
		err_set_errno(e, "cannot connect");
		return EXIT_CONNECT;
	}
	if ((status = wait_for(fd, POLLOUT, until, e)) != EXIT_DONE)
		return status;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
	    error == 0)
		return EXIT_DONE;
	errno = error;
	err_set_errno(e, "cannot connect");
	return EXIT_CONNECT;
}

/* OpenSSL has a queue of errors, which must be empty before a call. */
static enum exit_status
handshake(SSL *tls, int fd, int64_t until, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	const char *why;
	int rc;

	while (status == EXIT_DONE) {
		ERR_clear_error();
		if ((rc = SSL_connect(tls)) == 1)
			return EXIT_DONE;
		switch (SSL_get_error(tls, rc)) {
		case SSL_ERROR_WANT_READ:
			status = wait_for(fd, POLLIN, until, e);
			break;
		case SSL_ERROR_WANT_WRITE:
			status = wait_for(fd, POLLOUT, until, e);
			break;
		default:
			why = ERR_reason_error_string(ERR_peek_last_error());
			err_set(e, "TLS: %s", why != NULL ? why :
			    "the server closed the connection");
			status = EXIT_CONNECT;
		}
	}
	return status;
}

/* The days until a certificate expires.  0, or -1. */
static int
days_left(double *days, const X509 *cert)
{
	int whole, seconds;

	if (ASN1_TIME_diff(&whole, &seconds, NULL,
	    X509_get0_notAfter(cert)) != 1)
		return -1;
	*days = whole + seconds / DAY;
	return 0;
}

/* The first to expire of what the server has sent. */
static enum exit_status
look_at(double *days, SSL *tls, struct errbuf *e)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(tls);
	double one;
	int i, n = chain != NULL ? sk_X509_num(chain) : 0;

	for (i = 0; i < n; i++) {
		if (days_left(&one, sk_X509_value(chain, i)) == -1)
			break;
		if (i == 0 || one < *days)
			*days = one;
	}
	if (n > 0 && i == n)
		return EXIT_DONE;
	err_set(e, "the server's certificate cannot be read");
	return EXIT_CONNECT;
}

static enum exit_status
look(double *days, const struct ws_url *u, int64_t until, struct errbuf *e)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *tls = context != NULL ? SSL_new(context) : NULL;
	enum exit_status status = EXIT_WORK;
	int fd = -1;

	if (tls == NULL) {
		err_set(e, "out of memory");
		goto out;
	}
	if ((status = connect_to(&fd, u, until, e)) != EXIT_DONE)
		goto out;
	SSL_set_verify(tls, SSL_VERIFY_NONE, NULL);
	(void)SSL_set_tlsext_host_name(tls, u->host);
	(void)SSL_set_fd(tls, fd);
	status = handshake(tls, fd, until, e);
	if (status == EXIT_DONE)
		status = look_at(days, tls, e);
out:
	SSL_free(tls);
	SSL_CTX_free(context);
	if (fd != -1)
		close(fd);
	return status;
}

enum exit_status
certificate_look(double *days, const char *url, int64_t timeout_ms,
    struct errbuf *e)
{
	int64_t until = timeout_ms > 0 ? clock_ms() + timeout_ms : -1;
	struct ws_url u;
	enum exit_status status;

	if (url_parse(&u, url, e) == -1)
		return EXIT_USAGE;
	if (!u.tls) {
		err_set(e, "only wss:// has certificates");
		status = EXIT_USAGE;
	} else {
		status = look(days, &u, until, e);
	}
	url_clear(&u);
	return status;
}
