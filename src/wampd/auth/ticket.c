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

enum found { FOUND_NONE, FOUND_ONE, FOUND_SEVERAL, FOUND_NO_MEMORY };

/* Put the ticket into t->text.  What the client chooses to send decides, so two
 * such tickets must be the same.  Browsers send a cookie with everything, so it
 * is only read if there is no other ticket. */
static enum found
find_ticket(struct tickets *t, const struct visitor *v)
{
	struct slice ticket = SLICE(""), bearer;
	unsigned n = query_find(v->query, SLICE("ticket"), &ticket);

	buf_reset(&t->text);
	if (n > 1)
		return FOUND_SEVERAL;
	if (query_decode(ticket, &t->text) == -1)
		return FOUND_NO_MEMORY;
	if (find_bearer(v->authorization, &bearer)) {
		if (t->text.len > 0)
			return slice_eq(buf_slice(&t->text), bearer) ?
			    FOUND_ONE : FOUND_SEVERAL;
		ticket = bearer;
	} else if (t->text.len > 0) {
		return FOUND_ONE;
	} else if (t->cookie == NULL || !cookie_find(v->cookies,
	    slice_str(t->cookie), &ticket) || ticket.len == 0) {
		return FOUND_NONE;
	}
	/* A cookie may be percent-encoded, and a "+" there is one. */
	return buf_add_slice(&t->text, ticket) == 0 ? FOUND_ONE :
	    FOUND_NO_MEMORY;
}

enum identified
tickets_begin(void *tickets, const struct visitor *v,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	struct tickets *t = tickets;
	const char *reason = "no key of tickets accepts tickets of this kind";
	enum ticket_kind kind;

	switch (find_ticket(t, v)) {
	case FOUND_NONE:
		return IDENTITY_ABSENT;
	case FOUND_ONE:
		kind = ticket_kind_of(buf_slice(&t->text));
		if (t->kinds[kind].begin != NULL)
			return t->kinds[kind].begin(t->kinds[kind].arg, v,
			    buf_slice(&t->text), ask, out, why);
		break;
	case FOUND_SEVERAL:
		reason = "there are two tickets";
		break;
	case FOUND_NO_MEMORY:
	default:
		return identify_refuse(why, IDENTITY_INTERNAL, SLICE(""));
	}
	(void)identify_refuse(why, IDENTITY_BAD_TICKET, SLICE(""));
	why->reason = reason;
	return IDENTITY_REFUSED;
}
