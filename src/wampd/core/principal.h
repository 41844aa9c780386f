/*
 * principal.h: principals: who a peer is.
 *
 * For others, a principal is immutable.  It is counted, and sessions share
 * principals.  Each session, and whoever else keeps a principal, holds a
 * reference.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* Sets of principals, as bits.  An access list such as `publish: [local]` has
 * sets; a principal is in sets. */
enum who {
	WHO_ANYONE = 1 << 0,
	WHO_AUTHENTICATED = 1 << 1,	/* proved a name */
	WHO_LOCAL = 1 << 2,		/* came over the control socket */
	WHO_BACKEND = 1 << 3,		/* proved the application's secret */
	WHO_LOOPBACK = 1 << 4,		/* connected from this machine */
	/* How the name, or the application's secret, was proved. */
	WHO_TICKET = 1 << 5,		/* by a ticket of any kind: */
	WHO_TICKET_ORO = 1 << 6,	/* Oro's, */
	WHO_TICKET_PASETO = 1 << 7,
	WHO_TICKET_JWT = 1 << 8,
	WHO_COOKIE = 1 << 9,		/* by a session of the application */
	WHO_CRA = 1 << 10,		/* by WAMP-CRA */
	WHO_CERTIFICATE = 1 << 11,	/* by a certificate of TLS */
};

/* The name of a peer of the control socket begins with this, and no name that
 * is proved in another way may. */
#define PRINCIPAL_LOCAL	"local:"

struct name_table;
struct permissions;
struct principal_own;

struct principal {
	unsigned    who;	/* set of enum who */
	int64_t	    user_id;	/* id in the application; 0: none */
	const char *const *roles; /* owned; NULL-terminated, or NULL */
	const char *name;	/* owned; "anonymous", "local:root", "admin";
				 * printable */
	struct permissions *permissions; /* a reference; they restrict what it
				 * may do; NULL: they do not */
	struct principal_own *own; /* its memory and reference count; NULL: it
				 * is static */
};

/* Static principals of peers that have proved no name. */
extern const struct principal principal_anonymous;
extern const struct principal principal_anonymous_loopback;

/* Who must prove a name before anything else, and has not done so yet.  It is
 * in no set: the word "anyone" does not mean it. */
extern const struct principal principal_stranger;

static inline bool
principal_is_stranger(const struct principal *p)
{
	return p == &principal_stranger;
}

/* Make a principal, with one reference, from copies of the texts.  roles may be
 * NULL.  Returns NULL when out of memory. */
const struct principal *principal_new(unsigned who, const char *name,
	    int64_t user_id, const char *const *roles);

/* Make the principal of a peer of the control socket, from the user id of its
 * process. */
const struct principal *principal_new_local(uid_t uid);

/* Restrict what it may do; takes a reference of its own.  Only for one that
 * nobody else has yet. */
void	principal_restrict(const struct principal *p,
	    struct permissions *permissions);

/* Take a reference.  Returns p. */
const struct principal *principal_ref(const struct principal *p);

/* Give a reference back.  The last one frees the principal.  NULL is fine. */
void	principal_unref(const struct principal *p);

/* Whether it has more than one reference.  Not for static principals. */
bool	principal_is_shared(const struct principal *p);

/* Whether both are the same for all rights: sets, name, user id, roles and
 * permissions. */
bool	principal_same(const struct principal *a, const struct principal *b);

/* The numbers in the table of its proved name and its roles: *n numbers,
 * ascending.  Borrowed until the next call.  Static principals have none. */
const uint32_t *principal_numbers(const struct principal *p,
	    const struct name_table *names, size_t *n);

/* The name if it was proved, or NULL. */
const char *principal_user(const struct principal *p);

/* Append the members "user", "user_id" and "roles" for handlers, without
 * braces.  Returns 0, or -1 when out of memory. */
int	principal_describe(const struct principal *p, struct buf *out);

/* Whether it is in one of these sets. */
static inline bool
principal_in(const struct principal *p, unsigned who)
{
	return (p->who & who) != 0;
}
