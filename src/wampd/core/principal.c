/*
 * principal.c: principals: who a peer is.
 */
#include "wampd/core/principal.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"
#include "wampd/core/name_table.h"
#include "wampd/core/permissions.h"

const struct principal principal_anonymous = {
	.who = WHO_ANYONE, .name = "anonymous"
};

const struct principal principal_anonymous_loopback = {
	.who = WHO_ANYONE | WHO_LOOPBACK, .name = "anonymous"
};

const struct principal principal_stranger = {
	.who = 0, .name = "unauthenticated"
};

/* A principal that is not static, with its memory. */
struct principal_own {
	struct principal principal;
	unsigned	 refs;
	const char     **roles;		/* owned array; NULL: none */
	char		*text;		/* owned; the name and the roles */
	uint32_t	*numbers;	/* owned; ascending; it has room for
					 * the name and all roles */
	size_t		 n_numbers;
	uint64_t	 stamp;		/* of the table of these numbers */
};

static void
own_free(struct principal_own *o)
{
	permissions_unref(o->principal.permissions);
	free(o->roles);
	free(o->text);
	free(o->numbers);
	free(o);
}

static size_t
count_roles(const char *const *roles)
{
	size_t n = 0;

	while (roles != NULL && roles[n] != NULL)
		n++;
	return n;
}

/* Copy the name and the roles, of which the last is NULL.  0, or -1 when out of
 * memory. */
static int
own_copy(struct principal_own *o, const char *name, const char *const *roles)
{
	size_t i, n = count_roles(roles), size = strlen(name) + 1;
	char *at;

	for (i = 0; roles[i] != NULL; i++)
		size += strlen(roles[i]) + 1;
	if ((at = o->text = malloc(size)) == NULL ||
	    (o->roles = calloc(n + 1, sizeof(*o->roles))) == NULL ||
	    (o->numbers = calloc(n + 1, sizeof(*o->numbers))) == NULL)
		return -1;
	o->principal.name = at;
	at = stpcpy(at, name) + 1;
	for (i = 0; roles[i] != NULL; i++) {
		o->roles[i] = at;
		at = stpcpy(at, roles[i]) + 1;
	}
	o->principal.roles = o->roles;
	return 0;
}

const struct principal *
principal_new(unsigned who, const char *name, int64_t user_id,
    const char *const *roles)
{
	static const char *const none[] = { NULL };
	struct principal_own *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	if (roles == NULL)
		roles = none;
	o->refs = 1;
	o->principal.own = o;
	o->principal.who = who;
	o->principal.user_id = user_id;
	if (own_copy(o, name, roles) == -1) {
		own_free(o);
		return NULL;
	}
	return &o->principal;
}

const struct principal *
principal_new_local(uid_t uid)
{
	char space[1024], name[64];
	struct passwd pw, *found = NULL;

	(void)getpwuid_r(uid, &pw, space, sizeof(space), &found);
	if (found != NULL)
		(void)snprintf(name, sizeof(name), PRINCIPAL_LOCAL "%s",
		    found->pw_name);
	else
		(void)snprintf(name, sizeof(name), PRINCIPAL_LOCAL "%u",
		    (unsigned)uid);
	return principal_new(WHO_ANYONE | WHO_AUTHENTICATED | WHO_LOCAL |
	    WHO_LOOPBACK, name, 0, NULL);
}

void
principal_restrict(const struct principal *p, struct permissions *permissions)
{
	p->own->principal.permissions = permissions_ref(permissions);
}

static bool
same_roles(const char *const *a, const char *const *b)
{
	size_t i, n = count_roles(a);

	if (n != count_roles(b))
		return false;
	for (i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

bool
principal_same(const struct principal *a, const struct principal *b)
{
	return a == b || (a->who == b->who && a->user_id == b->user_id &&
	    strcmp(a->name, b->name) == 0 && same_roles(a->roles, b->roles) &&
	    permissions_same(a->permissions, b->permissions));
}

const struct principal *
principal_ref(const struct principal *p)
{
	if (p->own != NULL)
		p->own->refs++;
	return p;
}

void
principal_unref(const struct principal *p)
{
	if (p != NULL && p->own != NULL && --p->own->refs == 0)
		own_free(p->own);
}

bool
principal_is_shared(const struct principal *p)
{
	return p->own->refs > 1;
}

const char *
principal_user(const struct principal *p)
{
	return principal_in(p, WHO_AUTHENTICATED) ? p->name : NULL;
}

static void
own_add_number(struct principal_own *o, uint32_t number)
{
	if (number != 0)
		o->numbers[o->n_numbers++] = number;
}

/* The number of its proved name.  Users of this machine and users of the
 * application may have the same name. */
static uint32_t
user_number(const struct principal *p, const struct name_table *names)
{
	struct slice name = slice_str(p->name);

	if (!principal_in(p, WHO_AUTHENTICATED))
		return 0;
	if (!principal_in(p, WHO_LOCAL))
		return name_table_find(names, NAME_USER, name);
	name.p += strlen(PRINCIPAL_LOCAL);
	name.len -= strlen(PRINCIPAL_LOCAL);
	return name_table_find(names, NAME_LOCAL_USER, name);
}

/* Look up the numbers of its name and roles.  Most names have none, because no
 * right names them. */
static void
own_learn(struct principal_own *o, const struct name_table *names)
{
	const char **r;

	o->n_numbers = 0;
	own_add_number(o, user_number(&o->principal, names));
	for (r = o->roles; *r != NULL; r++)
		own_add_number(o, name_table_find(names, NAME_ROLE,
		    slice_str(*r)));
	name_table_sort(o->numbers, o->n_numbers);
	o->stamp = names->stamp;
}

const uint32_t *
principal_numbers(const struct principal *p, const struct name_table *names,
    size_t *n)
{
	struct principal_own *o = p->own;

	*n = 0;
	if (o == NULL)
		return NULL;
	if (o->stamp != names->stamp)
		own_learn(o, names);
	*n = o->n_numbers;
	return o->numbers;
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
