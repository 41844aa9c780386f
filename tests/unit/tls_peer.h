/*
 * tls_peer.h: a client of OpenSSL and a connection of the server, in one
 * process: what one writes is carried to the other in memory.
 */
#pragma once

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wampd/net/tls.h"

struct tls_peer {
	SSL	*client;
	struct tls_conn *server;
	size_t	 cut;		/* bytes that the server gets at a time; 0:
				 * all */
	enum tls_result result;	/* of the server's handshake */
	bool	 done;		/* the client's handshake is */
	struct buf out;		/* what the server has sent, not carried yet */
	struct buf heard;	/* clear text that the server has read */
	ssize_t	 end;		/* what its reading returned last */
};

/* A client's context for only that version of TLS (0: any) that trusts one
 * authority. */
SSL_CTX *tls_client_new(X509 *authority, int version);

/* host: for SNI, which is checked in the certificate; NULL: none. */
void	tls_peer_init(struct tls_peer *p, struct tls *tls, SSL_CTX *client,
	    const char *host);
void	tls_peer_clear(struct tls_peer *p);

/* Shake hands until both have finished or one has failed.  Whether both have
 * finished. */
bool	tls_peer_shake(struct tls_peer *p);

/* Carry what the client has written: to the server's handshake, or to heard and
 * end. */
void	tls_peer_push(struct tls_peer *p);

/* Carry what the server has written, and let the client read it.  Appends the
 * clear text; returns what SSL_get_error() says in the end. */
int	tls_peer_pull(struct tls_peer *p, struct buf *text);

/* The client writes; the server reads it.  Likewise in the other direction.
 * Whether the same arrives. */
bool	tls_peer_says(struct tls_peer *p, const char *text, size_t n);
bool	tls_peer_hears(struct tls_peer *p, const char *text, size_t n);

/* The client's session, with the last ticket; the caller frees it. */
struct ssl_session_st *tls_peer_session(struct tls_peer *p);
