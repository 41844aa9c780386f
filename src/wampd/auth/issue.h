/*
 * issue.h: the procedure wampd.ticket.issue, which makes tickets for
 * applications on this machine.
 *
 * Only local peers may call it: whoever can make tickets can be anybody.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "token/paseto_keys.h"

struct broker;
struct oro;
struct owed_list;

struct issuer_settings {
	const char *key;	/* file; its first secret key makes PASETOs;
				 * NULL: none */
	const char *audience;	/* of a ticket that asks for no other */
	const char *issuer;	/* of each ticket; both may be NULL */
	struct errbuf *warning;	/* filled if other users may read the key; NULL:
				 * that is logged */
};

struct issuer {
	struct issuer_settings set;
	struct paseto_keys keys;
	struct oro    *oro;	/* borrowed; NULL: it makes no tickets of Oro */
};

/* Check the file of the key, if there is one.  *warning is filled if other
 * users may read it.  0, or -1 with *e filled, which names the key of the
 * configuration. */
int	issuer_check(const struct issuer_settings *set,
	    struct errbuf *warning, struct errbuf *e);

/* Fill *i, with the keys of the file.  May be called in any thread.  The texts
 * of set must live as long as *i.  0, or -1 with *e filled; clear it in both
 * cases. */
int	issuer_read(struct issuer *i, const struct issuer_settings *set,
	    struct oro *oro, struct errbuf *e);

/* Add the procedure, also if there is nothing that makes tickets: then it says
 * so.  **i is what makes them; *i may change between two calls.  i must live as
 * long as the broker.  0, or -1 with *e filled. */
int	issuer_add(const struct issuer *const *i, struct broker *b,
	    struct errbuf *e);

void	issuer_clear(struct issuer *i);
