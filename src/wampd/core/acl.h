/*
 * acl.h: who may do a thing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/core/principal.h"

struct declare_right;
struct name_table;

/* Any of the set, or one of the users and roles.  Zeroed: nobody. */
struct acl {
	unsigned	 who;		/* set of enum who */
	const struct name_table *names;	/* borrowed; of named */
	uint32_t	*named;		/* owned; n_named, ascending */
	size_t		 n_named;
};

/* The list as it was declared, from which it borrows nothing.  Its names are
 * put to the table.  0, or -1 when out of memory: then it is empty. */
int	acl_init(struct acl *a, struct name_table *names,
	    const struct declare_right *right);
void	acl_clear(struct acl *a);

/* Whether the list names p, or a role of it. */
bool	acl_has_name(const struct acl *a, const struct principal *p);

static inline bool
acl_allows(const struct acl *a, const struct principal *p)
{
	return principal_in(p, a->who) ||
	    (a->n_named > 0 && acl_has_name(a, p));
}
