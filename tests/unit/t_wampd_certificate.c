/*
 * t_wampd_certificate.c: whom a client's certificate proves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "route/diag.h"
#include "tap.h"
#include "wampd/auth/certificate.h"
#include "wampd/core/principal.h"

#define HEX	"000102030405060708090a0b0c0d0e0f" \
		"101112131415161718191A1B1C1D1E1F"
#define COLONS	"00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:" \
		"10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f"

static char path[] = "/tmp/t_wampd_certificate.XXXXXX";

/* Load a file with that text; the errors are counted in *errors. */
static struct certificates *
load(const char *text, size_t *errors)
{
	struct diags d = { 0 };
	struct certificates *all = NULL;
	FILE *f = fopen(path, "we");

	if (f != NULL && fputs(text, f) >= 0 && fclose(f) == 0)
		all = certificates_load(path, &d);
	*errors = d.errors;
	diag_clear(&d);
	return all;
}

static struct certificate
certificate_of(const char *subject, enum certificate_kind kind,
    const char *san)
{
	struct certificate c = { .subject = slice_str(subject) };

	if (san != NULL) {
		c.sans[0] = (struct certificate_san){
			CERTIFICATE_DNS, SLICE("first.example"),
		};
		c.sans[1] = (struct certificate_san){ kind, slice_str(san) };
		c.n_sans = 2;
	}
	return c;
}

static const char *
name_of(const struct certificates *all, const struct certificate *c)
{
	const struct principal *p = certificates_find(all, c);

	return p != NULL ? p->name : NULL;
}

static void
test_match(void)
{
	static const struct {
		const char *subject, *san;
		enum certificate_kind kind;
		const char *want;
	} rows[] = {
		{ "CN=shop,O=Acme", NULL, CERTIFICATE_DNS, "by-subject" },
		{ "cn=shop,O=Acme", NULL, CERTIFICATE_DNS, NULL },
		{ "CN=shop", NULL, CERTIFICATE_DNS, NULL },
		{ "CN=shop,O=Acme,C=DE", NULL, CERTIFICATE_DNS, NULL },
		{ "", "Shop.EXAMPLE", CERTIFICATE_DNS, "by-dns" },
		{ "", "a.shop.example", CERTIFICATE_DNS, NULL },
		{ "", "shop.example", CERTIFICATE_URI, NULL },
		{ "", "*.shop.example", CERTIFICATE_DNS, NULL },
		{ "", "ann@shop.example", CERTIFICATE_EMAIL, "by-email" },
		{ "", "Ann@shop.example", CERTIFICATE_EMAIL, NULL },
		{ "", "urn:shop:7", CERTIFICATE_URI, "by-uri" },
		{ "CN=both", "both.example", CERTIFICATE_DNS, "both" },
		{ "CN=both", NULL, CERTIFICATE_DNS, NULL },
		{ "CN=x", "both.example", CERTIFICATE_DNS, NULL },
		{ "CN=shop,O=Acme", "shop.example", CERTIFICATE_DNS,
		  "by-subject" },
	};
	struct certificates *all;
	struct certificate c;
	const struct principal *p;
	size_t i, errors;

	all = load("- { subject: 'CN=shop,O=Acme', name: by-subject }\n"
	    "- { san: 'DNS:shop.example', name: by-dns, user_id: 7,"
	    " roles: [A, B] }\n"
	    "- { san: 'email:ann@shop.example', name: by-email }\n"
	    "- { san: 'URI:urn:shop:7', name: by-uri }\n"
	    "- { subject: CN=both, san: 'DNS:both.example', name: both }\n"
	    "- { fingerprint: '" HEX "', name: by-print }\n", &errors);
	if (!tap_ok(all != NULL && errors == 0, "a file of six"))
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = certificate_of(rows[i].subject, rows[i].kind,
		    rows[i].san);
		tap_str(name_of(all, &c), rows[i].want, "%s %s",
		    rows[i].subject, rows[i].san != NULL ? rows[i].san : "");
	}
	c = certificate_of("", CERTIFICATE_DNS, "shop.example");
	p = certificates_find(all, &c);
	tap_int(p->user_id, 7, "the number of the user");
	tap_ok(p->roles != NULL && strcmp(p->roles[1], "B") == 0,
	    "his roles");
	tap_int(p->who, WHO_ANYONE | WHO_AUTHENTICATED | WHO_CERTIFICATE,
	    "the sets he is in");
	c = certificate_of("", CERTIFICATE_DNS, NULL);
	for (i = 0; i < CERTIFICATE_FINGERPRINT; i++)
		c.fingerprint[i] = (unsigned char)i;
	tap_str(name_of(all, &c), "by-print", "a fingerprint");
	c.fingerprint[31] ^= 1;
	tap_str(name_of(all, &c), NULL, "another one");
	certificates_free(all);
}

/* A NUL in a name of a certificate ends nothing. */
static void
test_nul(void)
{
	size_t errors;
	struct certificates *all = load("- { san: 'DNS:shop.example', "
	    "name: a }\n", &errors);
	struct certificate c = { .n_sans = 1 };

	c.sans[0] = (struct certificate_san){ CERTIFICATE_DNS,
	    SLICE("shop.example\0.evil") };
	tap_str(name_of(all, &c), NULL, "a NUL inside");
	certificates_free(all);
}

static void
test_faults(void)
{
	static const char *const bad[] = { "", "a: b\n", "[]\n", "- a\n",
	    "- { name: a }\n", "- { subject: CN=a }\n",
	    "- { subject: '', name: a }\n", "- { san: a, name: a }\n",
	    "- { san: 'DNS:', name: a }\n", "- { san: 'IP:::1', name: a }\n",
	    "- { fingerprint: 'ab', name: a }\n",
	    "- { subject: CN=a, name: 'local:root' }\n",
	    "- { subject: CN=a, name: '' }\n",
	    "- { subject: CN=a, name: [b] }\n",
	    "- { subject: CN=a, name: a, user_id: 0 }\n",
	    "- { subject: CN=a, name: a, user_id: x }\n",
	    "- { subject: CN=a, name: a, roles: x }\n",
	    "- { subject: CN=a, name: a, roles: [''] }\n",
	    "- { subject: CN=a, name: a, rolls: [a] }\n" };
	struct certificates *all;
	size_t i, errors;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(load(bad[i], &errors) == NULL && errors > 0,
		    "fault %zu is refused", i);
	tap_ok(load("- { fingerprint: '" HEX "00', name: a }\n",
	    &errors) == NULL, "a fingerprint of 33 bytes is refused");
	tap_ok(load("- { fingerprint: 'g" COLONS "', name: a }\n",
	    &errors) == NULL, "a fingerprint with a letter is refused");
	all = load("- { fingerprint: '" COLONS "', name: a }\n", &errors);
	tap_ok(all != NULL && errors == 0, "a fingerprint with colons");
	certificates_free(all);
}

int
main(void)
{
	int fd = mkstemp(path);

	tap_ok(fd != -1, "a file");
	(void)close(fd);
	test_match();
	test_nul();
	test_faults();
	(void)unlink(path);
	return tap_done();
}
