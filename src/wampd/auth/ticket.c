/*
 * ticket.c: the method that identifies visitors by a ticket.
 */
#include "wampd/auth/ticket.h"

#include <string.h>
#include <strings.h>

#include "wampd/auth/cookie.h"
#include "wampd/auth/query.h"

#define BEARER	SLICE("Bearer ")

void
tickets_clear(struct tickets *t)
{
	buf_clear(&t->text);
}

void
tickets_accept(struct tickets *t, enum ticket_kind kind, ticket_fn *begin,
    void *arg)
{
	t->kinds[kind].begin = begin;
	t->kinds[kind].arg = arg;
}

/* Base64 has no dots. */
enum ticket_kind
ticket_kind_of(struct slice ticket)
{
	if (slice_starts(ticket, SLICE("v4.")))
		return TICKET_PASETO;
	return ticket.len > 0 && memchr(ticket.p, '.', ticket.len) != NULL ?
	    TICKET_JWT : TICKET_ORO;
}

/* Other schemes are for the proxy in front of us. */
static bool
find_bearer(struct slice authorization, struct slice *out)
{
	struct slice bearer = BEARER;

	if (authorization.len <= bearer.len ||
	    strncasecmp(authorization.p, bearer.p, bearer.len) != 0)
		return false;
	*out = slice_of(authorization.p + bearer.len,
	    authorization.len - bearer.len);
	return true;
}

/* Put the ticket into t->text.  1: it is there, 0: there is none, -1: out of
 * memory. */
static int
find_ticket(struct tickets *t, const struct visitor *v)
{
	struct slice found;

	buf_reset(&t->text);
	if (query_find(v->query, SLICE("ticket"), &found) && found.len > 0)
		return query_decode(found, &t->text) == 0 ? 1 : -1;
	if (!find_bearer(v->authorization, &found) && (t->cookie == NULL ||
	    !cookie_find(v->cookies, slice_str(t->cookie), &found) ||
	    found.len == 0))
		return 0;
	/* A cookie may be percent-encoded, and a "+" there is one. */
	return buf_add_slice(&t->text, found) == 0 ? 1 : -1;
}

enum identified
tickets_begin(void *tickets, const struct visitor *v,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	struct tickets *t = tickets;
	enum ticket_kind kind;

	switch (find_ticket(t, v)) {
	case 0:
		return IDENTITY_ABSENT;
	case 1:
		break;
	default:
		return identify_refuse(why, IDENTITY_INTERNAL, SLICE(""));
	}
	kind = ticket_kind_of(buf_slice(&t->text));
	if (t->kinds[kind].begin != NULL)
		return t->kinds[kind].begin(t->kinds[kind].arg, v,
		    buf_slice(&t->text), ask, out, why);
	(void)identify_refuse(why, IDENTITY_BAD_TICKET, SLICE(""));
	why->reason = "no key of tickets accepts tickets of this kind";
	return IDENTITY_REFUSED;
}
