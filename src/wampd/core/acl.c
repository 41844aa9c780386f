/*
 * acl.c: access lists: who has a right.
 */
#include "wampd/core/acl.h"

#include <stdlib.h>

#include "wampd/core/name_table.h"

/* The sets that words without a name stand for. */
static const unsigned bits[] = {
	[DECLARE_ANYONE] = WHO_ANYONE,
	[DECLARE_AUTHENTICATED] = WHO_AUTHENTICATED,
	[DECLARE_LOCAL] = WHO_LOCAL,
	[DECLARE_BACKEND] = WHO_BACKEND,
	[DECLARE_LOOPBACK] = WHO_LOOPBACK,
	[DECLARE_TICKET] = WHO_TICKET,
	[DECLARE_TICKET_ORO] = WHO_TICKET_ORO,
	[DECLARE_TICKET_PASETO] = WHO_TICKET_PASETO,
	[DECLARE_TICKET_JWT] = WHO_TICKET_JWT,
	[DECLARE_COOKIE] = WHO_COOKIE,
	[DECLARE_CRA] = WHO_CRA,
	[DECLARE_CERTIFICATE] = WHO_CERTIFICATE,
	[DECLARE_NOBODY] = 0,
	[DECLARE_ROLE] = 0,
	[DECLARE_LOCAL_USER] = 0,
	[DECLARE_USER] = 0,
};

unsigned
acl_set_of(enum declare_who who)
{
	return bits[who];
}

/* The number of the name that is granted the right; 0 when out of memory. */
static uint32_t
grant_number(struct name_table *names, const struct declare_grant *g)
{
	static const enum name_kind kinds[] = {
		[DECLARE_ROLE] = NAME_ROLE,
		[DECLARE_LOCAL_USER] = NAME_LOCAL_USER,
		[DECLARE_USER] = NAME_USER,
	};

	return name_table_obtain(names, kinds[g->who], slice_str(g->name));
}

int
acl_init(struct acl *a, struct name_table *names,
    const struct declare_right *right)
{
	const struct declare_grant *g;
	size_t i;

	*a = (struct acl){ .names = names };
	for (i = 0; i < right->n_grants; i++) {
		g = &right->grants[i];
		a->who |= bits[g->who];
		if (g->name == NULL)
			continue;
		if (a->named == NULL)
			a->named = calloc(right->n_grants,
			    sizeof(*a->named));
		if (a->named == NULL || (a->named[a->n_named] =
		    grant_number(names, g)) == 0) {
			acl_clear(a);
			return -1;
		}
		a->n_named++;
	}
	name_table_sort(a->named, a->n_named);
	return 0;
}

void
acl_clear(struct acl *a)
{
	free(a->named);
	*a = (struct acl){ .who = 0 };
}

/* Whether two lists, both ascending, have a number in common. */
static bool
have_common(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t i = 0, j = 0;

	while (i < na && j < nb) {
		if (a[i] == b[j])
			return true;
		if (a[i] < b[j])
			i++;
		else
			j++;
	}
	return false;
}

bool
acl_has_name(const struct acl *a, const struct principal *p)
{
	size_t n;
	const uint32_t *numbers = principal_numbers(p, a->names, &n);

	return have_common(a->named, a->n_named, numbers, n);
}
