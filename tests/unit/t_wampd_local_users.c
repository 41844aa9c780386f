/*
 * t_wampd_local_users.c: who shares a principal on the control socket.
 */
#include <stdlib.h>

#include "tap.h"
#include "wampd/core/principal.h"
#include "wampd/net/local_users.h"

#define UID	4000000000u	/* nobody's */

static const struct principal *
obtain(struct local_users *all, uid_t uid)
{
	const struct principal *p = local_users_obtain(all, uid);

	if (p == NULL)
		abort();
	return p;
}

static void
test_share(void)
{
	struct local_users all = { .user = { { NULL, 0 } } };
	const struct principal *a = obtain(&all, UID);
	const struct principal *b = obtain(&all, UID + 1);

	tap_ok(a != b, "two users have two principals");
	tap_str(a->name, "local:4000000000", "of their names");
	tap_ok(obtain(&all, UID) == a, "two sessions of one share it");
	principal_unref(a);
	tap_ok(obtain(&all, UID) == a, "while one of them is left");
	principal_unref(a);
	principal_unref(a);
	tap_ok(!principal_is_shared(a), "then nobody else has it");
	principal_unref(b);
	local_users_clear(&all);
}

static void
test_many(void)
{
	struct local_users all = { .user = { { NULL, 0 } } };
	const struct principal *p[LOCAL_USERS + 1];
	size_t i, shared = 0;

	for (i = 0; i <= LOCAL_USERS; i++)
		p[i] = obtain(&all, UID + (uid_t)i);
	for (i = 0; i <= LOCAL_USERS; i++)
		shared += principal_is_shared(p[i]);
	tap_int((int64_t)shared, LOCAL_USERS, "one more than fit is alone");
	for (i = 0; i <= LOCAL_USERS; i++)
		principal_unref(p[i]);

	for (i = 0; i < LOCAL_USERS; i++)
		p[i] = obtain(&all, UID + 100 + (uid_t)i);
	for (i = shared = 0; i < LOCAL_USERS; i++)
		shared += principal_is_shared(p[i]);
	tap_int((int64_t)shared, LOCAL_USERS,
	    "others take the places of those who have left");
	for (i = 0; i < LOCAL_USERS; i++)
		principal_unref(p[i]);
	local_users_clear(&all);
}

int
main(void)
{
	test_share();
	test_many();
	return tap_done();
}
