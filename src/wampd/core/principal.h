/*
 * principal.h: who a peer is, and who may do a thing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* Sets of principals, as bits: what a list such as `publish: [local]` names,
 * and what one principal belongs to. */
enum who {
	WHO_ANYONE = 1 << 0,
	WHO_AUTHENTICATED = 1 << 1,	/* proved a name */
	WHO_LOCAL = 1 << 2,		/* came over the control socket */
	WHO_BACKEND = 1 << 3,		/* proved the application's secret */
	WHO_LOOPBACK = 1 << 4,		/* connected from this machine */
};

struct principal {
	unsigned    who;	/* set of enum who */
	int64_t	    user_id;	/* the application's; 0: none */
	const char *const *roles; /* borrowed; NULL-terminated, or NULL */
	char	    name[64];	/* "anonymous", "local:root", "admin";
				 * NUL-terminated, printable */
};

/* The principals without a name: one object each for all their sessions. */
extern const struct principal principal_anonymous;
extern const struct principal principal_anonymous_loopback;

/* The principal of a control socket's peer, by its user id. */
void	principal_init_local(struct principal *p, uid_t uid);

bool	principal_has_role(const struct principal *p, const char *role);

/* The name when it was proved, or NULL. */
const char *principal_user(const struct principal *p);

/* Append "user":…,"user_id":…,"roles":[…], the members handlers see.  0 or
 * -1 when out of memory. */
int	principal_describe(const struct principal *p, struct buf *out);

static inline bool
principal_in(const struct principal *p, unsigned who)
{
	return (p->who & who) != 0;
}
