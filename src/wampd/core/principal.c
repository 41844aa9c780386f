/*
 * principal.c: who a peer is, and who may do a thing.
 */
#include "wampd/core/principal.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "proto/json.h"

const struct principal principal_anonymous = {
	.who = WHO_ANYONE, .name = "anonymous"
};

const struct principal principal_anonymous_loopback = {
	.who = WHO_ANYONE | WHO_LOOPBACK, .name = "anonymous"
};

void
principal_init_local(struct principal *p, uid_t uid)
{
	char space[1024];
	struct passwd pw, *found = NULL;

	*p = (struct principal){ .user_id = 0 };
	p->who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_LOCAL | WHO_LOOPBACK;
	(void)getpwuid_r(uid, &pw, space, sizeof(space), &found);
	if (found != NULL)
		(void)snprintf(p->name, sizeof(p->name), "local:%s",
		    found->pw_name);
	else
		(void)snprintf(p->name, sizeof(p->name), "local:%u",
		    (unsigned)uid);
}

bool
principal_has_role(const struct principal *p, const char *role)
{
	const char *const *r;

	for (r = p->roles; r != NULL && *r != NULL; r++)
		if (strcmp(*r, role) == 0)
			return true;
	return false;
}

const char *
principal_user(const struct principal *p)
{
	return principal_in(p, WHO_AUTHENTICATED) ? p->name : NULL;
}

static int
describe_roles(const struct principal *p, struct buf *out)
{
	const char *const *r;

	if (buf_add_str(out, ",\"roles\":[") == -1)
		return -1;
	for (r = p->roles; r != NULL && *r != NULL; r++)
		if ((r > p->roles && buf_add_char(out, ',') == -1) ||
		    json_quote(out, slice_str(*r)) == -1)
			return -1;
	return buf_add_char(out, ']');
}

int
principal_describe(const struct principal *p, struct buf *out)
{
	const char *user = principal_user(p);

	if (buf_add_str(out, "\"user\":") == -1 ||
	    (user != NULL ? json_quote(out, slice_str(user)) :
	    buf_add_str(out, "null")) == -1 ||
	    buf_add_str(out, ",\"user_id\":") == -1 ||
	    (p->user_id != 0 ? buf_addf(out, "%" PRId64, p->user_id) :
	    buf_add_str(out, "null")) == -1)
		return -1;
	return describe_roles(p, out);
}
