/*
 * local_users.h: the principals of the control socket's peers.
 *
 * Sessions of one user share a principal.  It is made anew when none of them is
 * left, because users are renamed.
 */
#pragma once

#include <sys/types.h>

struct principal;

#define LOCAL_USERS	8	/* more of them at a time don't share */

/* Zeroed: none is there yet. */
struct local_users {
	struct {
		const struct principal *principal; /* a reference, or NULL */
		uid_t	uid;
	} user[LOCAL_USERS];
};

/* The principal of that user, with a reference for the caller.  NULL when out
 * of memory. */
const struct principal *local_users_obtain(struct local_users *all,
	    uid_t uid);

void	local_users_clear(struct local_users *all);
