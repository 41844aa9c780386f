/*
 * local_users.c: the principals of the control socket's peers.
 */
#include "wampd/net/local_users.h"

#include "wampd/core/principal.h"

const struct principal *
local_users_obtain(struct local_users *all, uid_t uid)
{
	const struct principal *p;
	size_t i, spare = LOCAL_USERS;

	for (i = 0; i < LOCAL_USERS; i++) {
		p = all->user[i].principal;
		if (p == NULL || !principal_is_shared(p))
			spare = i;
		else if (all->user[i].uid == uid)
			return principal_ref(p);
	}
	p = principal_new_local(uid);
	if (p == NULL || spare == LOCAL_USERS)
		return p;
	principal_unref(all->user[spare].principal);
	all->user[spare].principal = principal_ref(p);
	all->user[spare].uid = uid;
	return p;
}

void
local_users_clear(struct local_users *all)
{
	size_t i;

	for (i = 0; i < LOCAL_USERS; i++)
		principal_unref(all->user[i].principal);
	*all = (struct local_users){ .user = { { NULL, 0 } } };
}
