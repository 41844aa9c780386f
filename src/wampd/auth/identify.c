/*
 * identify.c: who a visitor is, before it gets a session or an answer of HTTP.
 */
#include "wampd/auth/identify.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "wampd/auth/query.h"
#include "wampd/core/principal.h"

void
identify_add(struct identify *id, const struct identify_method *m)
{
	assert(id->n < IDENTIFY_METHODS);
	id->methods[id->n++] = *m;
}

enum identified
identify_refuse(struct identity_refusal *why, enum identity_cause cause,
    struct slice user)
{
	size_t len = utf8_fit(user, IDENTITY_USER_SIZE - 1);

	*why = (struct identity_refusal){ .cause = cause };
	if (len > 0)
		memcpy(why->user, user.p, len);
	return IDENTITY_REFUSED;
}

/* Somebody has set up clients with tickets, but not the broker. */
static void
warn_unread(struct identify *id, const struct visitor *v)
{
	struct slice ticket;

	if (id->n > 0 || id->warned ||
	    query_find(v->query, SLICE("ticket"), &ticket) == 0)
		return;
	id->warned = true;
	log_warn("transport=ws a client connects with a ticket, which is not "
	    "read: set tickets.oro.secret_file, or other keys of tickets");
}

enum identified
identify_begin(struct identify *id, const struct visitor *v,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	const struct identify_method *m;
	enum identified found;

	/* Two readers could choose two different ones. */
	if (id->n > 0 && v->ambiguous) {
		(void)identify_refuse(why, IDENTITY_BAD_TICKET, SLICE(""));
		why->reason = "Authorization or Cookie is there twice";
		return IDENTITY_REFUSED;
	}
	for (m = id->methods; m < id->methods + id->n; m++) {
		found = m->begin(m->arg, v, ask, out, why);
		if (found != IDENTITY_ABSENT)
			return found;
	}
	warn_unread(id, v);
	return identify_unproved(id, v->unproved, out, why);
}

enum identified
identify_unproved(const struct identify *id, const struct principal *unproved,
    const struct principal **out, struct identity_refusal *why)
{
	if (!id->anonymous && !id->login)
		return identify_refuse(why, IDENTITY_NO_PROOF, SLICE(""));
	*out = principal_ref(id->anonymous ? unproved : &principal_stranger);
	return IDENTITY_KNOWN;
}

int64_t
identify_session_time(const struct identify *id,
    const struct identity_ask *ask, const struct principal *p, int64_t wall)
{
	if (id->session_ttl == 0 || !principal_in(p, WHO_TICKET) ||
	    principal_in(p, WHO_BACKEND))
		return -1;
	if (id->session_ttl != IDENTIFY_TICKET)
		return id->session_ttl;
	if (ask->ends == 0)
		return -1;
	return ask->ends > wall ? ask->ends - wall : 0;
}

void
identify_answer(struct identity_ask *ask, const struct principal *p,
    const struct identity_refusal *why)
{
	ask->cancel = NULL;
	ask->done(ask, p, why);
}

void
identify_cancel(struct identity_ask *ask)
{
	if (ask->cancel != NULL)
		ask->cancel(ask);
	ask->cancel = NULL;
}
