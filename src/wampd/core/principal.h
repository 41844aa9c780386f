/*
 * principal.h: who a peer is, and who may do a thing.
 *
 * To others, a principal is immutable.  It is counted: each session holds a
 * reference, and whoever else keeps one holds its own.  Sessions share
 * principals.
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

struct name_table;
struct principal_own;

struct principal {
	unsigned    who;	/* set of enum who */
	int64_t	    user_id;	/* the application's; 0: none */
	const char *const *roles; /* owned; NULL-terminated, or NULL */
	const char *name;	/* owned; "anonymous", "local:root", "admin";
				 * printable */
	struct principal_own *own; /* its memory and its references; NULL:
				 * static, and not counted */
};

/* The principals without a name: one object each for all their sessions. */
extern const struct principal principal_anonymous;
extern const struct principal principal_anonymous_loopback;

/* Make one, with one reference.  It copies the texts; roles may be NULL.  NULL
 * when out of memory. */
const struct principal *principal_new(unsigned who, const char *name,
	    int64_t user_id, const char *const *roles);

/* The same for a peer of the control socket, by its user id. */
const struct principal *principal_new_local(uid_t uid);

/* Take a reference of one's own.  Returns p. */
const struct principal *principal_ref(const struct principal *p);

/* Give a reference back.  NULL is fine. */
void	principal_unref(const struct principal *p);

/* Whether there is more than one reference; not for static ones. */
bool	principal_is_shared(const struct principal *p);

/* The numbers that the table has for the proved name and the roles, *n of them,
 * ascending.  Borrowed until the next call; static principals have none. */
const uint32_t *principal_numbers(const struct principal *p,
	    const struct name_table *names, size_t *n);

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
