/*
 * certificate.h: clients' certificates as a proof of who they are.
 *
 * TLS has verified the certificate already: it comes from an authority of
 * tls.client_ca.  A file says whom it is the certificate of.  It is a list, and
 * the first entry counts of which all of subject, san and fingerprint are
 * right that are given:
 *
 *	- san: DNS:shop.example.com
 *	  name: shop
 *	  user_id: 7
 *	  roles: [ROLE_SHOP]
 *	- subject: CN=backup,O=Example
 *	  name: backup
 *	- fingerprint: 12:34:...	# SHA-256
 *	  name: office
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "wampd/auth/identify.h"

#define CERTIFICATE_FINGERPRINT	32	/* bytes of SHA-256 */
#define CERTIFICATE_SANS	64	/* that are looked at */

enum certificate_kind { CERTIFICATE_DNS, CERTIFICATE_EMAIL, CERTIFICATE_URI };

/* A name in subjectAltName. */
struct certificate_san {
	enum certificate_kind kind;
	struct slice	      value;	/* borrowed */
};

/* What is known of a certificate that was verified. */
struct certificate {
	struct slice   subject;		/* borrowed; RFC 2253: "CN=a,O=b" */
	struct certificate_san sans[CERTIFICATE_SANS];
	size_t	       n_sans;
	unsigned char  fingerprint[CERTIFICATE_FINGERPRINT];
};

struct certificates;
struct diags;

/* Read the file.  NULL with the errors in *d. */
struct certificates *certificates_load(const char *file, struct diags *d);
void	certificates_free(struct certificates *all);	/* NULL is fine */

/* Whose certificate it is, borrowed; or NULL: no entry is about it. */
const struct principal *certificates_find(const struct certificates *all,
	    const struct certificate *c);

/* Whether an entry proves p, or another principal of his name, which is then
 * in *now, borrowed. */
bool	certificates_know(const struct certificates *all,
	    const struct principal *p, const struct principal **now);

/* The method of identify.h; arg is struct certificates.  A certificate that no
 * entry is about proves nothing, so that another proof can. */
enum identified certificates_begin(void *arg, const struct visitor *v,
	    struct identity_ask *ask, const struct principal **out,
	    struct identity_refusal *why);
