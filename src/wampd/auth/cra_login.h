/*
 * cra_login.h: WAMP-CRA, the login of WAMP v1: its two procedures.
 *
 *	authreq(key, extra)	-> challenge, or null for anonymous
 *	auth(signature)		-> permissions
 *
 * A session may have one request at a time, and one try for it.  The answer to
 * a wrong signature is delayed, and nothing else waits for it.  A stranger, see
 * principal.h, must log in within a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct broker;
struct cra;
struct cra_keys;
struct principal;
struct session;

#define CRA_EXTRA_MAX	4096	/* bytes of `extra` */

struct cra_settings {
	struct cra_keys *keys;	/* taken; NULL: nobody can log in so */
	int64_t	timeout;	/* ms that a stranger has; > 0 */
	int64_t	delay;		/* ms; the mean after a wrong signature */
	bool	hide_keys;	/* do not tell which keys there are */
};

/* Add the procedures to b, which owns the result.  They are hidden until there
 * are keys.  NULL when out of memory. */
struct cra *cra_add(struct broker *b);

/* Use these settings from now on.  A login that has begun with a key which has
 * changed, or is not there any more, fails. */
void	cra_renew(struct cra *cra, const struct cra_settings *set);

/* Whether the key with which the session has logged in is still there, as it
 * was; also if it has not logged in so.  *now is whom the key proves now,
 * borrowed; NULL: it is the session's principal, or none. */
bool	cra_knows(struct cra *cra, struct session *s,
	    const struct principal **now);
