/*
 * ws_tls.c: why a server's certificate was not accepted.
 */
#include "client/ws_tls.h"

#include <openssl/x509_vfy.h>
#include <stddef.h>

#include "base/library.h"

#define NOT_TRUSTED	"the server's certificate is not trusted"

struct crypto_api {
	__typeof__(&X509_STORE_CTX_get_error) X509_STORE_CTX_get_error;
	__typeof__(&X509_verify_cert_error_string)
	    X509_verify_cert_error_string;
};

#define ROW(fn)	LIBRARY_ROW(crypto_api, fn)

static const struct library_symbol crypto_symbols[] = {
	ROW(X509_STORE_CTX_get_error),
	ROW(X509_verify_cert_error_string),
	{ .name = NULL }
};

/* libwebsockets has loaded it. */
static const struct library libcrypto = {
	"libcrypto.so.3", NOT_TRUSTED, crypto_symbols
};

static const struct {
	int	    error;
	const char *text;
} causes[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED, "it has expired" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, "it is not valid yet" },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	  "it is self-signed and not in --cacert" },
	{ X509_V_ERR_HOSTNAME_MISMATCH, "it is for another host" },
	{ X509_V_ERR_IP_ADDRESS_MISMATCH, "it is for another address" },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
	  "its CA is unknown (use --cacert to add it)" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	  "its CA is unknown (use --cacert to add it)" },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	  "its CA is unknown (use --cacert to add it)" },
};

void
ws_tls_explain(struct errbuf *e, void *store_context)
{
	struct crypto_api api;
	int error;
	size_t i;

	if (library_load(&api, &libcrypto, e) == -1)
		return;
	error = api.X509_STORE_CTX_get_error(store_context);
	err_set(e, "%s", api.X509_verify_cert_error_string(error));
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].error == error)
			err_set(e, "%s", causes[i].text);
	err_wrap(e, "%s", NOT_TRUSTED);
}
