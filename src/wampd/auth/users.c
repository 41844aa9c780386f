/*
 * users.c: the users whose tickets are checked with the hash of their password.
 */
#include "wampd/auth/users.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "route/diag.h"
#include "route/source.h"
#include "route/yaml.h"
#include "wampd/core/principal.h"

bool
user_role_valid(struct slice role)
{
	size_t i;

	if (role.len == 0 || role.len > USER_NAME_MAX || !utf8_valid(role))
		return false;
	for (i = 0; i < role.len; i++)
		if ((unsigned char)role.p[i] < ' ' || role.p[i] == 0x7f)
			return false;
	return true;
}

bool
user_name_valid(struct slice name)
{
	return user_role_valid(name) &&
	    !slice_starts(name, SLICE(PRINCIPAL_LOCAL));
}

/* ---- one user ---- */

struct user *
user_new(unsigned who, const char *name, int64_t id,
    const char *const *roles, struct slice password)
{
	struct user *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->principal = principal_new(who, name, id, roles);
	if (u->principal != NULL && secret_copy(&u->password, password) == 0)
		return u;
	user_free(u);
	return NULL;
}

void
user_free(struct user *u)
{
	if (u == NULL)
		return;
	principal_unref(u->principal);
	secret_clear(&u->password);
	free(u);
}

/* ---- the file ---- */

enum user_key { USER_PASSWORD, USER_ID, USER_ROLES, USER_KEYS };

static const char *const user_keys[] = { "password", "id", "roles", NULL };

struct reading {
	struct source src;
	struct users *all;
	unsigned      who;
};

static void
fault(struct reading *r, const struct yaml_node *at, const char *rule,
    const char *text)
{
	source_report(&r->src, DIAG_ERROR, at, rule, "%s", text);
}

static bool
read_password(struct reading *r, const struct yaml_node *user,
    const struct yaml_node *n, struct slice *out)
{
	if (n == NULL)
		fault(r, user, "missing-key", "a user needs a password: the "
		    "hash that the application has stored");
	else if (n->kind != YAML_SCALAR)
		fault(r, n, "wrong-type", "password needs a text");
	else if (n->text.len == 0 || n->text.len > USER_PASSWORD_MAX)
		fault(r, n, "bad-value", "password: it must have between 1 "
		    "and 1024 bytes");
	else {
		*out = n->text;
		return true;
	}
	return false;
}

static bool
read_id(struct reading *r, const struct yaml_node *n, int64_t *id)
{
	struct errbuf e;

	*id = 0;
	if (n == NULL)
		return true;
	if (n->kind != YAML_SCALAR) {
		fault(r, n, "wrong-type", "id needs a number");
		return false;
	}
	if (num_int(id, n->text.p, 1, INT64_MAX, &e) == 0)
		return true;
	source_report(&r->src, DIAG_ERROR, n, "bad-value", "id: %s", e.msg);
	return false;
}

/* roles has room for USER_ROLES_MAX and a NULL. */
static bool
read_roles(struct reading *r, const struct yaml_node *n, const char **roles)
{
	const struct yaml_node *role;
	size_t i;

	roles[0] = NULL;
	if (n == NULL)
		return true;
	if (n->kind != YAML_LIST || n->n > USER_ROLES_MAX) {
		fault(r, n, "wrong-type",
		    "roles needs a list of at most 256 names");
		return false;
	}
	for (i = 0; i < n->n; i++) {
		role = n->items[i];
		if (role->kind != YAML_SCALAR || !user_role_valid(role->text)) {
			fault(r, role, "bad-value", "this is not the name of "
			    "a role");
			return false;
		}
		roles[i] = role->text.p;
	}
	roles[n->n] = NULL;
	return true;
}

static void
read_user(struct reading *r, const struct yaml_node *name,
    const struct yaml_node *n)
{
	const struct yaml_node *fields[USER_KEYS] = { NULL };
	const char *roles[USER_ROLES_MAX + 1];
	struct slice password;
	struct user *u;
	int64_t id;

	if (!user_name_valid(name->text)) {
		fault(r, name, "bad-value", "this cannot be the name of a "
		    "user");
		return;
	}
	if (n->kind != YAML_MAPPING) {
		fault(r, n, "wrong-type", "a user needs the keys password, id "
		    "and roles");
		return;
	}
	source_fields(&r->src, n, user_keys, fields, DIAG_ERROR);
	if (!read_password(r, name, fields[USER_PASSWORD], &password) ||
	    !read_id(r, fields[USER_ID], &id) ||
	    !read_roles(r, fields[USER_ROLES], roles))
		return;
	u = user_new(r->who, name->text.p, id, roles, password);
	if (u != NULL && map_insert(&r->all->map, u) == 0)
		return;
	user_free(u);
	source_out_of_memory(&r->src, name);
}

/* Wipe the hashes in the document.  Two users may share a node there. */
static void
wipe_passwords(const struct yaml_node *root)
{
	const struct yaml_node *n;
	size_t i;

	for (i = 0; root->kind == YAML_MAPPING && i < root->n; i++)
		if (root->values[i]->kind == YAML_MAPPING &&
		    (n = yaml_get(root->values[i], "password")) != NULL &&
		    n->kind == YAML_SCALAR)
			explicit_bzero((void *)(uintptr_t)n->text.p,
			    n->text.len);
}

static struct slice
user_key_of(const void *user)
{
	return slice_str(((const struct user *)user)->principal->name);
}

int
users_load(struct users *all, const char *file, unsigned who,
    struct diags *d)
{
	struct arena mem = { 0 };
	struct reading r = { .src = { .file = file, .diags = d, .mem = &mem },
	    .all = all, .who = who };
	struct yaml_doc *doc = yaml_load_file(file, d);
	size_t i, before = d->errors;
	const struct yaml_node *root;

	map_init(&all->map, user_key_of);
	if (doc == NULL)
		return -1;
	root = yaml_root(doc);
	if (root->kind == YAML_MAPPING)
		for (i = 0; i < root->n; i++)
			read_user(&r, root->items[i], root->values[i]);
	else if (root->kind != YAML_NULL)
		fault(&r, root, "wrong-type", "the file must hold names and "
		    "users");
	wipe_passwords(root);
	yaml_doc_free(doc);
	arena_clear(&mem);
	if (d->errors == before)
		return 0;
	users_clear(all);
	return -1;
}

void
users_clear(struct users *all)
{
	size_t pos = 0;
	struct user *u;

	while (all->map.cap > 0 && (u = map_next(&all->map, &pos)) != NULL)
		user_free(u);
	map_clear(&all->map);
}

const struct user *
users_find(const struct users *all, struct slice name)
{
	return all->map.cap > 0 ? map_find(&all->map, name) : NULL;
}
