/*
 * may_who.c: about whom wampd.may is asked.
 *
 * A session, a key of WAMP-CRA, or somebody who is described: nobody needs to
 * be connected.
 */
#include "wampd/admin/may_who.h"

#include <string.h>

#include "base/arena.h"
#include "proto/json.h"
#include "route/declare.h"
#include "wampd/core/acl.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"

#define ROLES_MAX	256

struct described {
	struct arena mem;		/* the texts */
	const char  *session, *key, *user;	/* NULL: not given */
	int64_t	     user_id;
	const char  *roles[ROLES_MAX + 1];
	size_t	     n_roles;
	unsigned     who;
};

/* A copy of the characters of a string; NULL with the failure filled. */
static const char *
keep(struct call *c, struct described *d, const struct json_elem *value)
{
	const char *text;
	struct slice chars;

	if (value->type != JSON_STRING) {
		(void)call_bad_argument(c, "session, key, user, roles and who "
		    "must be strings");
		return NULL;
	}
	if (json_string(&chars, value, &c->broker->scratch_text) == -1 ||
	    (text = arena_copy(&d->mem, chars)) == NULL) {
		(void)call_out_of_memory(c);
		return NULL;
	}
	return text;
}

static int
add_role(struct call *c, struct described *d, const struct json_elem *value)
{
	const char *role = keep(c, d, value);

	if (role == NULL)
		return -1;
	if (d->n_roles == ROLES_MAX)
		return call_bad_argument(c, "more than 256 roles");
	d->roles[d->n_roles++] = role;
	return 0;
}

/* A proof is what the words of lists call it, such as "ticket:oro". */
static int
add_word(struct call *c, struct described *d, const struct json_elem *value)
{
	const char *word = keep(c, d, value);
	enum declare_who who;
	struct slice name;

	if (word == NULL)
		return -1;
	if (!declare_who_parse(slice_str(word), &who, &name) ||
	    who >= DECLARE_NOBODY)
		return call_bad_argument(c, "who has words of lists without a "
		    "name: backend, local, ticket:oro and so on");
	d->who |= acl_set_of(who);
	if (who >= DECLARE_TICKET && who <= DECLARE_TICKET_JWT)
		d->who |= WHO_TICKET;
	return 0;
}

/* A string, or a list of them. */
static int
read_list(struct call *c, struct described *d, const struct json_elem *value,
    int (*add)(struct call *, struct described *, const struct json_elem *))
{
	struct slice rest;
	struct json_elem one;

	if (value->type != JSON_ARRAY)
		return add(c, d, value);
	rest = json_inside(value->text);
	while (json_next(&rest, &one))
		if (add(c, d, &one) == -1)
			return -1;
	return 0;
}

static int
read_member(struct call *c, struct described *d, struct slice key,
    const struct json_elem *value)
{
	const char **text = NULL;

	if (slice_eq(key, SLICE("\"session\"")))
		text = &d->session;
	else if (slice_eq(key, SLICE("\"key\"")))
		text = &d->key;
	else if (slice_eq(key, SLICE("\"user\"")))
		text = &d->user;
	if (text != NULL)
		return (*text = keep(c, d, value)) != NULL ? 0 : -1;
	if (slice_eq(key, SLICE("\"roles\"")))
		return read_list(c, d, value, add_role);
	if (slice_eq(key, SLICE("\"who\"")))
		return read_list(c, d, value, add_word);
	if (slice_eq(key, SLICE("\"user_id\"")) &&
	    json_int(&d->user_id, value))
		return 0;
	return call_bad_argument(c, "who is described by session; or key; or "
	    "user, user_id, roles and who");
}

static const struct principal *
find_session(struct call *c, const char *id)
{
	const struct session *s = sessions_find(&c->broker->sessions,
	    slice_str(id));

	if (s != NULL)
		return principal_ref(s->principal);
	(void)call_bad_argument(c, "there is no session with that id");
	return NULL;
}

static const struct principal *
find_key(struct call *c, const char *name)
{
	const struct principal *p = taps_find_key(&c->broker->taps,
	    slice_str(name));

	if (p != NULL)
		return principal_ref(p);
	(void)call_bad_argument(c, "there is no key of WAMP-CRA with that "
	    "name");
	return NULL;
}

/* Who is called "local:NAME" is on the control socket. */
static const struct principal *
describe(struct call *c, struct described *d)
{
	const struct principal *p;

	d->who |= WHO_ANYONE;
	if (d->user != NULL || (d->who & WHO_LOCAL) != 0)
		d->who |= WHO_AUTHENTICATED;
	if (d->user != NULL && slice_starts(slice_str(d->user),
	    SLICE(PRINCIPAL_LOCAL)))
		d->who |= WHO_LOCAL;
	else if ((d->who & WHO_LOCAL) != 0 && d->user != NULL) {
		(void)call_bad_argument(c, "a local user is called "
		    "local:NAME");
		return NULL;
	}
	p = principal_new(d->who, d->user != NULL ? d->user :
	    (d->who & WHO_LOCAL) != 0 ? PRINCIPAL_LOCAL "?" :
	    (d->who & WHO_BACKEND) != 0 ? "backend" : "anonymous",
	    d->user_id, d->roles);
	if (p == NULL)
		(void)call_out_of_memory(c);
	return p;
}

const struct principal *
admin_may_who(struct call *c, struct slice object)
{
	struct described d = { .who = 0 };
	const struct principal *p = NULL;
	struct slice rest = json_inside(object);
	struct json_elem key, value;
	int rc = 0;

	while (rc == 0 && json_next_member(&rest, &key, &value))
		rc = read_member(c, &d, key.text, &value);
	if (rc == -1)
		;	/* the failure is filled */
	else if (d.session != NULL)
		p = find_session(c, d.session);
	else if (d.key != NULL)
		p = find_key(c, d.key);
	else
		p = describe(c, &d);
	arena_clear(&d.mem);
	return p;
}
