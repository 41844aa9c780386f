/*
 * t_wampd_certificate.c: whether a file of certificates' owners still knows
 * somebody.
 */
#include "wampd/auth/certificate.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "route/diag.h"
#include "tap.h"
#include "wampd/core/principal.h"

static struct certificates *
load(const char *path, const char *text)
{
	struct certificates *all;
	struct diags d = { 0 };
	struct errbuf e;

	if (io_replace_file(path, slice_str(text), 0600, &e) == -1 ||
	    (all = certificates_load(path, &d)) == NULL)
		abort();
	diag_clear(&d);
	return all;
}

int
main(void)
{
	static const char *const roles[] = { "A", NULL };
	char path[] = "/tmp/t_wampd_certificate.XXXXXX";
	const struct principal *p, *now;
	struct certificates *all;

	(void)close(mkstemp(path));
	p = principal_new(WHO_ANYONE | WHO_AUTHENTICATED | WHO_CERTIFICATE,
	    "shop", 7, roles);
	all = load(path, "- { san: 'DNS:a.test', name: shop, user_id: 7, "
	    "roles: [A] }\n- { san: 'DNS:b.test', name: shop }\n");
	tap_ok(certificates_know(all, p, &now) && now == NULL,
	    "an entry is the same");
	certificates_free(all);
	all = load(path, "- { san: 'DNS:b.test', name: shop, user_id: 8, "
	    "roles: [A] }\n");
	tap_ok(certificates_know(all, p, &now) && now != NULL &&
	    now->user_id == 8, "the entry of that name has another id");
	certificates_free(all);
	all = load(path, "- { san: 'DNS:a.test', name: other }\n");
	tap_ok(!certificates_know(all, p, &now), "there is none");
	certificates_free(all);
	principal_unref(p);
	(void)unlink(path);
	return tap_done();
}
