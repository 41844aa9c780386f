/*
 * review.h: what becomes of sessions when the proofs of who they are have
 * changed.
 *
 * Only where a name is enough to decide: keys of WAMP-CRA, and the files of
 * users and of certificates.  Sessions are looked at a bounded number per turn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/core/cursor.h"

struct auth_rules;
struct broker;
struct cra;

struct review {
	struct broker  *b;		/* borrowed */
	struct cra     *cra;		/* borrowed */
	const struct auth_rules *rules;	/* borrowed; in force */
	struct cursor	cursor;		/* the next session, while `on` */
	bool		on;
	unsigned	revoked;	/* sessions, since review_begin() */
	unsigned	changed;
};

void	review_init(struct review *v, struct broker *b, struct cra *cra);

/* Look at all sessions, from the first one on. */
void	review_begin(struct review *v, const struct auth_rules *rules);

/* Look at as many as one turn may.  Returns 0 if some are left, or -1. */
int64_t	review_some(struct review *v);

/* Look at no more. */
void	review_end(struct review *v);
