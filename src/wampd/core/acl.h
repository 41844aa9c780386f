/*
 * acl.h: who may do a thing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct declare_right;
struct name_table;
struct principal;

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

bool	acl_allows(const struct acl *a, const struct principal *p);
