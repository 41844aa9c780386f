/*
 * session_cookie.c: the method that identifies visitors by the cookie of their
 * session with the application.
 */
#include "wampd/auth/session_cookie.h"

#include <stddef.h>
#include <stdlib.h>

#include "wampd/auth/cookie.h"
#include "wampd/auth/users.h"
#include "wampd/core/principal.h"

/* A visitor whose session is looked up. */
struct cookie_job {
	struct lookup_ask lookup;	/* first */
	struct session_cookie *cookie;	/* borrowed */
	struct identity_ask *ask;	/* borrowed */
	const struct principal *unproved; /* static */
};

static enum identity_cause
cause_of(enum lookup_result result)
{
	return result == LOOKUP_BUSY ? IDENTITY_BUSY : IDENTITY_LOOKUP;
}

static void
job_free(struct cookie_job *j)
{
	j->cookie->jobs--;
	free(j);
}

static void
on_looked_up(struct lookup_ask *lookup, enum lookup_result result,
    const struct user *u)
{
	struct cookie_job *j = (struct cookie_job *)(void *)lookup;
	struct identity_ask *ask = j->ask;
	const struct principal *p = NULL;
	struct identity_refusal why;

	if (result == LOOKUP_FOUND)
		p = principal_ref(u->principal);
	else if (result == LOOKUP_NONE)
		(void)identify_unproved(j->cookie->identify, j->unproved, &p,
		    &why);
	else
		(void)identify_refuse(&why, cause_of(result), SLICE(""));
	job_free(j);
	identify_answer(ask, p, p == NULL ? &why : NULL);
	principal_unref(p);
}

static void
on_cancel(struct identity_ask *ask)
{
	struct cookie_job *j = ask->job;

	lookup_cancel(j->cookie->lookup, &j->lookup);
	job_free(j);
}

enum identified
session_cookie_begin(void *cookie, const struct visitor *v,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	struct session_cookie *c = cookie;
	enum lookup_result result;
	const struct user *u;
	struct cookie_job *j;
	struct slice value;

	if (!cookie_find(v->cookies, slice_str(c->name), &value) ||
	    value.len == 0)
		return IDENTITY_ABSENT;
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return identify_refuse(why, IDENTITY_INTERNAL, SLICE(""));
	j->lookup.done = on_looked_up;
	j->cookie = c;
	c->jobs++;
	j->ask = ask;
	j->unproved = v->unproved;
	result = lookup_begin(c->lookup, value, v->peer, &j->lookup, &u);
	if (result == LOOKUP_ASKING) {
		ask->job = j;
		ask->cancel = on_cancel;
		return IDENTITY_ASKING;
	}
	job_free(j);
	if (result == LOOKUP_NONE)
		return IDENTITY_ABSENT;
	if (result != LOOKUP_FOUND)
		return identify_refuse(why, cause_of(result), SLICE(""));
	*out = principal_ref(u->principal);
	return IDENTITY_KNOWN;
}
