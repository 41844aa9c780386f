/*
 * t_core_principal.c: principals: their texts and references.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "wampd/core/principal.h"

static void
test_copies(void)
{
	char name[] = "ann", role[] = "editor";
	const char *roles[] = { role, "reader", NULL };
	const struct principal *p = principal_new(WHO_ANYONE |
	    WHO_AUTHENTICATED, name, 7, roles);
	struct buf text = { 0 };

	if (p == NULL)
		abort();
	memset(name, 'x', strlen(name));
	memset(role, 'x', strlen(role));
	roles[1] = NULL;
	tap_str(p->name, "ann", "a principal has a copy of its name");
	tap_ok(principal_describe(p, &text) == 0, "it is described");
	tap_str(buf_cstr(&text), "\"user\":\"ann\",\"user_id\":7,"
	    "\"roles\":[\"editor\",\"reader\"]", "it has copies of its roles");
	tap_str(principal_user(p), "ann", "and has proved its name");
	buf_clear(&text);
	principal_unref(p);
}

static void
test_references(void)
{
	const struct principal *p = principal_new(WHO_ANYONE, "ann", 0, NULL);

	if (p == NULL)
		abort();
	tap_ok(!principal_is_shared(p), "a new principal is not shared");
	tap_ok(principal_ref(p) == p && principal_is_shared(p),
	    "a second reference shares it");
	principal_unref(p);
	tap_ok(!principal_is_shared(p), "it ends when that is given back");
	tap_ok(principal_user(p) == NULL, "a name may not be proved");
	principal_unref(p);
	principal_unref(NULL);

	p = principal_ref(&principal_anonymous);
	principal_unref(p);
	principal_unref(p);
	tap_str(p->name, "anonymous", "static ones are not counted");
}

static void
test_local(void)
{
	const struct principal *p = principal_new_local(getuid());
	const struct principal *none = principal_new_local(4000000000u);

	if (p == NULL || none == NULL)
		abort();
	tap_ok(principal_in(p, WHO_LOCAL), "a user of this machine is local");
	tap_ok(strncmp(p->name, "local:", 6) == 0, "its name says so");
	tap_str(none->name, "local:4000000000",
	    "a user without a name has its number");
	principal_unref(p);
	principal_unref(none);
}

int
main(void)
{
	test_copies();
	test_references();
	test_local();
	return tap_done();
}
