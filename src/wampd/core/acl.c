/*
 * acl.c: who may do a thing.
 */
#include "wampd/core/acl.h"

#include <string.h>

#include "route/declare.h"
#include "wampd/core/principal.h"

static unsigned
grant_bit(enum declare_who who)
{
	switch (who) {
	case DECLARE_ANYONE:
		return WHO_ANYONE;
	case DECLARE_AUTHENTICATED:
		return WHO_AUTHENTICATED;
	case DECLARE_LOCAL:
		return WHO_LOCAL;
	case DECLARE_BACKEND:
		return WHO_BACKEND;
	case DECLARE_LOOPBACK:
		return WHO_LOOPBACK;
	case DECLARE_NOBODY:
	case DECLARE_ROLE:
	case DECLARE_USER:
	default:
		return 0;
	}
}

struct acl
acl_of(const struct declare_right *right)
{
	struct acl a = { .who = 0 };
	size_t i;

	for (i = 0; i < right->n_grants; i++)
		a.who |= grant_bit(right->grants[i].who);
	a.named = right->grants;
	a.n_named = right->n_grants;
	return a;
}

bool
acl_allows(const struct acl *a, const struct principal *p)
{
	const char *user;
	size_t i;

	if (principal_in(p, a->who))
		return true;
	for (i = 0; i < a->n_named; i++) {
		user = principal_user(p);
		if (a->named[i].who == DECLARE_USER && user != NULL &&
		    strcmp(a->named[i].name, user) == 0)
			return true;
		if (a->named[i].who == DECLARE_ROLE &&
		    principal_has_role(p, a->named[i].name))
			return true;
	}
	return false;
}
