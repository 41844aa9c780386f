/*
 * review.c: what becomes of sessions when the proofs of who they are have
 * changed.
 */
#include "wampd/auth/review.h"

#include "base/log.h"
#include "proto/close_code.h"
#include "wampd/auth/auth_rules.h"
#include "wampd/auth/certificate.h"
#include "wampd/core/broker.h"
#include "wampd/core/judge.h"
#include "wampd/core/login.h"

#define TURN	1024	/* sessions that are looked at */

void
review_init(struct review *v, struct broker *b, struct cra *cra)
{
	*v = (struct review){ .b = b, .cra = cra };
}

void
review_end(struct review *v)
{
	if (v->on)
		TAILQ_REMOVE(&v->b->cursors, &v->cursor, link);
	v->on = false;
}

void
review_begin(struct review *v, const struct auth_rules *rules)
{
	review_end(v);
	v->on = true;
	v->rules = rules;
	v->revoked = v->changed = 0;
	v->cursor.at = TAILQ_FIRST(&v->b->sessions.open);
	TAILQ_INSERT_TAIL(&v->b->cursors, &v->cursor, link);
}

/* Whether the session's proof is still there.  *now is whom it proves now, or
 * NULL: nothing else is known.  Without a file of users or of certificates, we
 * cannot tell whether it had named him. */
static bool
is_known(struct review *v, struct session *s, const struct principal **now)
{
	const struct principal *p = s->principal;
	const struct auth_rules *r = v->rules;

	*now = NULL;
	if (!cra_knows(v->cra, s, now))
		return false;
	if (principal_in(p, WHO_CERTIFICATE) && r->certificates != NULL)
		return certificates_know(r->certificates, p, now);
	if (principal_in(p, WHO_TICKET_ORO) &&
	    principal_in(p, WHO_AUTHENTICATED) && r->oro != NULL &&
	    r->set.oro.users != NULL)
		return oro_knows(r->oro, p, now);
	return true;
}

static void
look_at(struct review *v, struct session *s)
{
	const struct principal *now;

	if (!is_known(v, s, &now)) {
		v->revoked++;
		v->b->stats.sessions_revoked++;
		session_doom(s, CLOSE_POLICY,
		    "its key or user was removed or changed");
	} else if (now != NULL && !principal_same(now, s->principal)) {
		v->changed++;
		session_change_principal(s, now);
	}
}

static void
finish(struct review *v)
{
	review_end(v);
	if (v->revoked > 0 || v->changed > 0)
		log_info("sessions=%u closed: their keys or users were "
		    "removed or changed; sessions=%u have other roles or "
		    "permissions", v->revoked, v->changed);
	if (v->changed > 0)
		judge_begin(v->b);
}

int64_t
review_some(struct review *v)
{
	struct session *s;
	unsigned left;

	if (!v->on)
		return -1;
	for (left = TURN; left > 0 &&
	    (s = sessions_walk(&v->cursor)) != NULL; left--)
		look_at(v, s);
	if (v->cursor.at != NULL)
		return 0;
	finish(v);
	return -1;
}
