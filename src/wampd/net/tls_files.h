/*
 * tls_files.h: the files of TLS: certificates, their private keys, and the
 * authorities of client certificates.
 */
#pragma once

#include <openssl/types.h>
#include <stddef.h>

#include "base/opt_list.h"

struct stack_st_X509;	/* OpenSSL's STACK_OF(X509) */

/* Whether clients are asked for a certificate.  One that does not verify always
 * ends the handshake. */
enum tls_client_cert { TLS_CLIENT_NONE, TLS_CLIENT_REQUEST,
    TLS_CLIENT_REQUIRE };

/* What wampd.yml says; all paths name files in PEM and are borrowed. */
struct tls_settings {
	struct opt_list	certs;		/* each a certificate and its chain; the
					 * first one is the default */
	struct opt_list	keys;		/* theirs, in any order */
	const char     *client_ca;	/* authorities; NULL: none */
	enum tls_client_cert client_cert;	/* needs client_ca */
};

/* Which key of wampd.yml a fault is in. */
enum tls_file { TLS_FILE_CERT, TLS_FILE_KEY, TLS_FILE_CLIENT_CA };

/* Told each fault: the file's place in its list, and a sentence that begins
 * with the key and the path. */
typedef void tls_fault_fn(void *arg, enum tls_file file, size_t i,
	    const char *text);

struct tls_report {
	tls_fault_fn *fault;
	tls_fault_fn *warning;		/* NULL: warnings are logged, which only
					 * the thread of the log may do */
	void	     *arg;		/* borrowed; for both */
};

struct tls_pair {
	X509		     *cert;	/* owned */
	struct stack_st_X509 *chain;	/* owned; without cert; may be empty */
	EVP_PKEY	     *key;	/* owned */
};

struct tls_files {
	struct tls_pair	     *pairs;	/* owned; in the order of certs */
	size_t		      n;
	struct stack_st_X509 *authorities;	/* owned; NULL: none */
};

/* Read all files.  A key belongs to each certificate with the same public key;
 * every certificate must have one.  A certificate that is not valid today is
 * only a warning.  0, or -1 when a fault was told; files must be
 * cleared in both cases. */
int	tls_files_read(struct tls_files *files, const struct tls_settings *set,
	    const struct tls_report *report);
void	tls_files_clear(struct tls_files *files);

/* Report a fault of that file; the text says what is wrong. */
void	tls_fault(const struct tls_report *report,
	    const struct tls_settings *set, enum tls_file file, size_t i,
	    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The first of OpenSSL's reasons; the others only name places in its code.
 * NULL: it has none. */
const char *tls_reason(void);
