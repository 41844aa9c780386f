/*
 * acl.h: access lists: who has a right.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "route/declare.h"
#include "wampd/core/principal.h"

struct name_table;

/* Whoever is in the set, or is one of the named users, or has one of the named
 * roles.  Zeroed: nobody. */
struct acl {
	unsigned	 who;		/* set of enum who */
	const struct name_table *names;	/* borrowed; of named */
	uint32_t	*named;		/* owned; numbers of users and roles,
					 * ascending */
	size_t		 n_named;
};

/* Make the list of a declared right, and add its names to the table.  The list
 * borrows the table, but nothing of right.  Returns 0, or -1 with an empty list
 * when out of memory. */
int	acl_init(struct acl *a, struct name_table *names,
	    const struct declare_right *right);

/* The set that a word without a name stands for; 0 for others. */
unsigned acl_set_of(enum declare_who who);

/* Free the list.  It allows nobody then. */
void	acl_clear(struct acl *a);

/* Whether the list names p, or a role of it. */
bool	acl_has_name(const struct acl *a, const struct principal *p);

static inline bool
acl_allows(const struct acl *a, const struct principal *p)
{
	return principal_in(p, a->who) ||
	    (a->n_named > 0 && acl_has_name(a, p));
}
