/*
 * ticket.h: the method that identifies visitors by a ticket.
 *
 * The ticket is in the query (?ticket=...) or in Authorization (Bearer ...), or
 * the same one is in both.  If neither has one, it may be in a cookie.  Its
 * form tells of which kind it is.
 */
#pragma once

#include "base/buf.h"
#include "wampd/auth/identify.h"

enum ticket_kind {
	TICKET_ORO,		/* base64 */
	TICKET_PASETO,		/* v4.public.TEXT, v4.local.TEXT */
	TICKET_JWT,		/* TEXT.TEXT.TEXT */
	TICKET_KINDS
};

/* As identify_method.begin(), for a ticket that is known to be there. */
typedef enum identified ticket_fn(void *arg, const struct visitor *v,
	    struct slice ticket, struct identity_ask *ask,
	    const struct principal **out, struct identity_refusal *why);

struct tickets {
	const char *cookie;	/* borrowed; NULL: none has a ticket */
	struct {
		ticket_fn *begin;	/* NULL: this kind is not accepted */
		void	  *arg;		/* borrowed */
	} kinds[TICKET_KINDS];
	struct buf  text;	/* scratch: the ticket */
};

void	tickets_clear(struct tickets *t);

/* Accept tickets of that kind. */
void	tickets_accept(struct tickets *t, enum ticket_kind kind,
	    ticket_fn *begin, void *arg);

/* Of which kind the ticket is. */
enum ticket_kind ticket_kind_of(struct slice ticket);

/* As identify_method.begin(), of a struct tickets. */
enum identified tickets_begin(void *tickets, const struct visitor *v,
	    struct identity_ask *ask, const struct principal **out,
	    struct identity_refusal *why);
