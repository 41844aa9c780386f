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
struct cra_keys;

#define CRA_EXTRA_MAX	4096	/* bytes of `extra` */

struct cra_settings {
	struct cra_keys *keys;	/* taken */
	int64_t	timeout;	/* ms that a stranger has; > 0 */
	int64_t	delay;		/* ms; the mean after a wrong signature */
	bool	hide_keys;	/* do not tell which keys there are */
};

/* Add the procedures to b.  0, or -1 when out of memory; then the keys are
 * freed, too. */
int	cra_add(struct broker *b, const struct cra_settings *set);
