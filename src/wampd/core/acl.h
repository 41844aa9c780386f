/*
 * acl.h: who may do a thing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct declare_grant;
struct declare_right;
struct principal;

/* Any of the set, or one of the users and roles. */
struct acl {
	unsigned	 who;		/* set of enum who */
	const struct declare_grant *named; /* borrowed; n_named of them */
	size_t		 n_named;
};

/* The list as it was declared, from which it borrows. */
struct acl acl_of(const struct declare_right *right);

bool	acl_allows(const struct acl *a, const struct principal *p);
