/*
 * tls_names.c: which certificates serve which host names.
 */
#include "wampd/net/tls_names.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define HOST_MAX	255	/* bytes (RFC 1035, 2.3.4) */

static void
lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

/* The array doubles when it is full, at each power of two. */
static int
add_name(struct tls_names *names, struct slice text, size_t number)
{
	struct tls_name *v = names->v;
	size_t n = names->n;
	char *name;

	if (text.len == 0 || text.len > HOST_MAX ||
	    memchr(text.p, '\0', text.len) != NULL)
		return 0;		/* no host can have it */
	if ((name = arena_copy(&names->arena, text)) == NULL)
		return -1;
	lower(name);
	if ((n & (n - 1)) == 0) {
		v = realloc(v, (n > 0 ? 2 * n : 1) * sizeof(*v));
		if (v == NULL)
			return -1;
		names->v = v;
	}
	v[n] = (struct tls_name){ name, number };
	names->n++;
	if (names->first == NULL)
		names->first = name;
	return 0;
}

static int
add_string(struct tls_names *names, const ASN1_STRING *s, size_t number)
{
	return add_name(names, slice_of((const char *)ASN1_STRING_get0_data(s),
	    (size_t)ASN1_STRING_length(s)), number);
}

static int
add_address(struct tls_names *names, const ASN1_OCTET_STRING *ip,
    size_t number)
{
	int family = ASN1_STRING_length(ip) == 4 ? AF_INET : AF_INET6;
	char text[INET6_ADDRSTRLEN];

	if ((family == AF_INET6 && ASN1_STRING_length(ip) != 16) ||
	    inet_ntop(family, ASN1_STRING_get0_data(ip), text,
	    sizeof(text)) == NULL)
		return 0;
	return add_name(names, slice_str(text), number);
}

static int
add_common_name(struct tls_names *names, const X509 *cert, size_t number)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

	if (at < 0)
		return 0;
	/* Other encodings than that of ASCII match no host. */
	return add_string(names, X509_NAME_ENTRY_get_data(
	    X509_NAME_get_entry(subject, at)), number);
}

int
tls_names_add(struct tls_names *names, const X509 *cert, size_t number)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL,
	    NULL);
	const GENERAL_NAME *one;
	int i, dns = 0, rc = 0;

	for (i = 0; i < sk_GENERAL_NAME_num(all) && rc == 0; i++) {
		one = sk_GENERAL_NAME_value(all, i);
		if (one->type == GEN_DNS) {
			dns++;
			rc = add_string(names, one->d.dNSName, number);
		} else if (one->type == GEN_IPADD) {
			rc = add_address(names, one->d.iPAddress, number);
		}
	}
	GENERAL_NAMES_free(all);
	if (rc == 0 && dns == 0)
		rc = add_common_name(names, cert, number);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	const struct tls_name *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->cert > y->cert) - (x->cert < y->cert);
}

void
tls_names_sort(struct tls_names *names)
{
	if (names->n > 0)
		qsort(names->v, names->n, sizeof(*names->v), by_name);
}

/* The entries of exactly that name. */
static const struct tls_name *
find_exact(const struct tls_names *names, const char *name, size_t *n)
{
	const struct tls_name *v = names->v;
	size_t low = 0, high = names->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(v[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (high < names->n && strcmp(v[high].name, name) == 0)
		high++;
	*n = high - low;
	return *n > 0 ? &v[low] : NULL;
}

const struct tls_name *
tls_names_find(const struct tls_names *names, const char *host, size_t *n)
{
	const struct tls_name *found;
	char name[HOST_MAX + 1], *dot;
	size_t len = strlen(host);

	*n = 0;
	if (len > HOST_MAX)
		return NULL;
	memcpy(name, host, len + 1);
	lower(name);
	if ((found = find_exact(names, name, n)) != NULL ||
	    (dot = strchr(name, '.')) == NULL || dot == name)
		return found;
	*--dot = '*';
	return find_exact(names, dot, n);
}

void
tls_names_clear(struct tls_names *names)
{
	free(names->v);
	arena_clear(&names->arena);
	memset(names, 0, sizeof(*names));
}
