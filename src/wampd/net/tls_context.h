/*
 * tls_context.h: the rules and certificates of TLS, as one reading of the files
 * gave them.  Immutable and counted: the handshakes of several threads share
 * one, and it lives as long as one of them needs it.
 */
#pragma once

#include <openssl/types.h>

#include "wampd/net/tls.h"
#include "wampd/net/tls_files.h"

struct tls_context;
struct tls_tickets;

/* Read the files.  The tickets are borrowed; NULL only checks the files.  NULL
 * when a fault was told. */
struct tls_context *tls_context_new(const struct tls_settings *set,
	    struct tls_tickets *tickets, const struct tls_report *report);

/* Both may be called in any thread. */
struct tls_context *tls_context_ref(struct tls_context *x);
void	tls_context_unref(struct tls_context *x);	/* accepts NULL */

/* The certificate that expires first. */
struct tls_cert tls_context_soonest(const struct tls_context *x);

/* What makes the connections of this context, which borrow it during their
 * handshakes. */
SSL_CTX *tls_context_ssl(const struct tls_context *x);
