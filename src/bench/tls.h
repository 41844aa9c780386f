/*
 * tls.h: TLS for a session of the load, with OpenSSL.
 *
 * libwebsockets is not used, because it needs its own loop and callbacks.  Here
 * a session remains a socket that is read when epoll says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct ssl_ctx_st;	/* OpenSSL's SSL_CTX and SSL */
struct ssl_st;

/* What the handshake needs next. */
enum tls_step { TLS_DONE, TLS_READ, TLS_WRITE, TLS_FAILED };

/* The context that all sessions share: whom to trust; insecure: anyone.  NULL
 * with *e filled. */
struct ssl_ctx_st *tls_context_new(bool insecure, struct errbuf *e);
void	tls_context_free(struct ssl_ctx_st *context);

/* TLS over a connected socket, which is borrowed; the certificate must be
 * that of host.  NULL with *e filled. */
struct ssl_st *tls_new(struct ssl_ctx_st *context, const char *host, int fd,
	    struct errbuf *e);
void	tls_free(struct ssl_st *tls);

/* TLS_FAILED: with *e filled. */
enum tls_step tls_handshake(struct ssl_st *tls, struct errbuf *e);

/* As recv() and send() on a non-blocking socket; errno may be EPROTO.  Data is
 * received until the socket is empty or the buffer is full, so that epoll
 * reports the rest. */
ssize_t	tls_recv(struct ssl_st *tls, char *p, size_t len);
ssize_t	tls_send(struct ssl_st *tls, const char *p, size_t len);
