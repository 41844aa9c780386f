/*
 * tls_maker.h: certificates for tests of TLS, made with OpenSSL.
 */
#pragma once

#include <openssl/types.h>

enum tls_kind { TLS_KIND_EC, TLS_KIND_RSA };

/* A certificate with its key, also as files in PEM. */
struct tls_made {
	X509	 *cert;
	EVP_PKEY *key;
	char	  cert_path[64];	/* with the signer's certificate */
	char	  key_path[64];
};

struct tls_order {
	enum tls_kind kind;
	const char   *cn;		/* common name */
	const char   *names;		/* "DNS:a.test,IP:127.0.0.1", or NULL */
	const struct tls_made *by;	/* who signs it; NULL: itself, as an
					 * authority */
	long	      from, to;		/* validity in seconds from now; both 0:
					 * valid today */
};

/* Files are made in a new folder, until the last call, which removes it. */
void	tls_maker_begin(void);
void	tls_maker_end(void);

/* The path of a file in the folder; valid until the next call. */
const char *tls_maker_path(const char *name);

/* Make one.  A failure ends the program. */
struct tls_made tls_make(const struct tls_order *order);
void	tls_made_free(struct tls_made *made);

/* Write the certificate and key of a over the files of b. */
void	tls_made_replace(const struct tls_made *a, const struct tls_made *b);
