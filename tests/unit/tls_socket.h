/*
 * tls_socket.h: a client of TLS on a socket to the loop of net_loop.h.
 */
#pragma once

#include <openssl/types.h>
#include <stdbool.h>

#include "base/buf.h"
#include "net_loop.h"
#include "wampd/net/tls.h"

struct tls_socket {
	SSL	*ssl;		/* owned */
	int	 fd;		/* owned; a socket that keeps writes apart */
	unsigned writes;	/* of the server, so far */
	size_t	 bytes;		/* in them */
	bool	 ended;		/* the server's side of the socket */
};

/* A server's TLS with a certificate of its own, which is thrown away. */
struct tls *tls_socket_server(void);

/* Take a socket.  version: of TLS, or 0 for any. */
void	tls_socket_open(struct tls_socket *t, int fd, int version);
void	tls_socket_close(struct tls_socket *t);

/* Send what the client has written, and receive what has come. */
void	tls_socket_carry(struct tls_socket *t);

/* Append what the client has written, instead of sending it. */
void	tls_socket_take(struct tls_socket *t, struct buf *out);

/* Shake hands; whether that works. */
bool	tls_socket_shake(struct tls_socket *t, struct loop *s);

void	tls_socket_say(struct tls_socket *t, const char *p, size_t n);

/* Append what has come, without settling; whether the server has ended TLS. */
bool	tls_socket_read(struct tls_socket *t, struct buf *out);

/* End TLS and the socket in this direction. */
void	tls_socket_shut(struct tls_socket *t);

/* Settle, and append what has come.  Returns what SSL_get_error() says in the
 * end: SSL_ERROR_ZERO_RETURN if the server has ended TLS. */
int	tls_socket_hear(struct tls_socket *t, struct loop *s, struct buf *out);
