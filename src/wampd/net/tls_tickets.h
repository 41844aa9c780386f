/*
 * tls_tickets.h: the keys of session tickets.
 *
 * A ticket is the state of a session, encrypted for ourselves; the client keeps
 * it, and resumes the session without a full handshake.  A key is used for 12
 * hours, and opens tickets for 12 more: who steals the keys from memory cannot
 * decrypt older connections whose clients resumed without a key exchange
 * (RFC 5077, 5.5).
 *
 * Handshakes of several threads may use the keys at a time.
 */
#pragma once

#include <openssl/types.h>

struct tls_tickets;

/* NULL when out of memory, or when OpenSSL has no random numbers. */
struct tls_tickets *tls_tickets_new(void);
void	tls_tickets_free(struct tls_tickets *t);

/* Let the handshakes of the context use the keys.  They are borrowed while
 * there are any. */
void	tls_tickets_serve(struct tls_tickets *t, SSL_CTX *ctx);

/* Use a new key now.  0, or -1: the old one stays in use. */
int	tls_tickets_rotate(struct tls_tickets *t);
