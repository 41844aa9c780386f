/*
 * auth_rules.h: what one reading of the configuration says about who visitors
 * are; for auth*.c and review.c only.
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "wampd/auth/auth.h"
#include "wampd/auth/identify.h"
#include "wampd/auth/seen.h"
#include "wampd/auth/session_cookie.h"
#include "wampd/auth/ticket.h"

struct certificates;
struct cra_keys;

struct auth_rules {
	STAILQ_ENTRY(auth_rules) link;	/* auth->retired */
	struct auth_settings set;	/* its texts are those of source */
	struct tickets	tickets;
	struct certificates *certificates; /* owned; NULL: not in use */
	struct oro     *oro;		/* owned; NULL: not in use */
	struct tokens  *paseto, *jwt;	/* likewise */
	struct session_cookie cookie;	/* its lookup is a reference */
	struct issuer	issuer;
	struct cra_keys *cra_keys;	/* a reference until they are in force;
					 * NULL: none */
};

/* Let these rules be in force, in place of `before` (NULL: none).  As
 * auth_renew(). */
int	auth_rules_start(struct auth_rules *r, struct auth_rules *before,
	    struct seen seen[TICKET_KINDS], struct errbuf *e);

/* Let id ask them. */
void	auth_rules_serve(struct auth_rules *r, struct identify *id);

/* Whether no visitor is being found out by them. */
bool	auth_rules_are_idle(const struct auth_rules *r);
