/*
 * t_core_acl.c: rights, and the names that they are granted to.
 */
#include <stdio.h>
#include <stdlib.h>

#include "route/declare.h"
#include "tap.h"
#include "wampd/core/acl.h"
#include "wampd/core/name_table.h"
#include "wampd/core/principal.h"

#define MANY	1000	/* roles of one principal */

static struct acl
right(struct name_table *names, const struct declare_grant *grants, size_t n)
{
	const struct declare_right r = { .grants = grants, .n_grants = n };
	struct acl a;

	if (acl_init(&a, names, &r) == -1)
		abort();
	return a;
}

static struct acl
right_of_role(struct name_table *names, const char *role)
{
	const struct declare_grant g = { .who = DECLARE_ROLE,
	    .name = role };

	return right(names, &g, 1);
}

static const struct principal *
user(const char *name, const char *const *roles)
{
	const struct principal *p = principal_new(WHO_ANYONE |
	    WHO_AUTHENTICATED, name, 0, roles);

	if (p == NULL)
		abort();
	return p;
}

static void
test_names(void)
{
	struct name_table names;
	uint64_t stamp;
	uint32_t ann, numbers[] = { 3, 1, 2 };

	name_table_init(&names);
	stamp = names.stamp;
	tap_int(name_table_find(&names, NAME_USER, SLICE("ann")), 0,
	    "a name that no right names has no number");
	tap_ok(names.stamp == stamp, "looking for a name does not add it");
	ann = name_table_obtain(&names, NAME_USER, SLICE("ann"));
	tap_ok(ann != 0 && names.stamp != stamp, "a right adds a name");
	tap_int(name_table_find(&names, NAME_USER, SLICE("ann")), ann,
	    "then it is found");
	tap_int(name_table_find(&names, NAME_ROLE, SLICE("ann")), 0,
	    "a role of the same name is not");
	tap_ok(name_table_obtain(&names, NAME_ROLE, SLICE("ann")) != ann,
	    "such a role has another number");
	tap_int(name_table_obtain(&names, NAME_USER, SLICE("ann")), ann,
	    "a name keeps its number");
	tap_int(names.n, 2, "a name counts once");
	tap_int(name_table_find(&names, NAME_USER, SLICE("an")), 0,
	    "a part of a name is another name");
	name_table_sort(numbers, 3);
	tap_ok(numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 3,
	    "numbers are sorted");
	name_table_clear(&names);
}

static void
test_sets(void)
{
	static const struct declare_grant grants[] = {
		{ .who = DECLARE_LOCAL }, { .who = DECLARE_AUTHENTICATED },
	};
	struct name_table names;
	struct acl nobody = { .who = 0 }, some;
	const struct principal *ann = user("ann", NULL);

	name_table_init(&names);
	some = right(&names, grants, 2);
	tap_ok(acl_allows(&some, ann), "a set allows its members");
	tap_ok(!acl_allows(&some, &principal_anonymous),
	    "a set allows no others");
	tap_ok(!acl_allows(&nobody, ann), "an empty list allows nobody");
	tap_int(names.n, 0, "sets have no names");
	acl_clear(&some);
	name_table_clear(&names);
	principal_unref(ann);
}

static void
test_named(void)
{
	static const struct declare_grant grants[] = {
		{ .who = DECLARE_ROLE, .name = "writer" },
		{ .who = DECLARE_USER, .name = "ann" },
		{ .who = DECLARE_NOBODY },
		{ .who = DECLARE_ROLE, .name = "editor" },
	};
	static const char *const editor[] = { "reader", "editor", NULL };
	static const char *const ann_role[] = { "ann", NULL };
	struct name_table names;
	struct acl named;
	const struct principal *ann = user("ann", NULL);
	const struct principal *bob = user("bob", editor);
	const struct principal *eve = user("editor", ann_role);
	const struct principal *said = principal_new(WHO_ANYONE, "ann", 0,
	    NULL);

	if (said == NULL)
		abort();
	name_table_init(&names);
	named = right(&names, grants, 4);
	tap_int(names.n, 3, "a right has three names");
	tap_ok(acl_allows(&named, ann), "a user is allowed by name");
	tap_ok(acl_allows(&named, bob), "a user is allowed by a role");
	tap_ok(!acl_allows(&named, eve),
	    "names of users and names of roles differ");
	tap_ok(!acl_allows(&named, said), "a name must be proved");
	tap_ok(!acl_allows(&named, &principal_anonymous_loopback),
	    "a principal without a name is not allowed");
	acl_clear(&named);
	name_table_clear(&names);
	principal_unref(ann);
	principal_unref(bob);
	principal_unref(eve);
	principal_unref(said);
}

/* Each word for a proof allows whoever proved a name that way. */
static void
test_proofs(void)
{
	static const struct {
		enum declare_who word;
		unsigned who;
	} proofs[] = {
		{ DECLARE_TICKET, WHO_TICKET },
		{ DECLARE_TICKET_ORO, WHO_TICKET_ORO },
		{ DECLARE_TICKET_PASETO, WHO_TICKET_PASETO },
		{ DECLARE_TICKET_JWT, WHO_TICKET_JWT },
		{ DECLARE_COOKIE, WHO_COOKIE },
		{ DECLARE_CRA, WHO_CRA },
		{ DECLARE_CERTIFICATE, WHO_CERTIFICATE },
		{ DECLARE_BACKEND, WHO_BACKEND },
	};
	struct name_table names;
	size_t i, j;

	name_table_init(&names);
	for (i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		const struct declare_grant g = { .who = proofs[i].word };
		struct acl a = right(&names, &g, 1);
		struct principal p = { .name = "ann" };
		bool others = false;

		p.who = WHO_ANYONE | WHO_AUTHENTICATED | proofs[i].who;
		tap_ok(acl_allows(&a, &p), "%s allows its proof",
		    declare_who_word(g.who));
		for (j = 0; j < sizeof(proofs) / sizeof(proofs[0]); j++) {
			p.who = WHO_ANYONE | WHO_AUTHENTICATED | proofs[j].who;
			others |= j != i && acl_allows(&a, &p);
		}
		tap_ok(!others, "%s allows no other proof",
		    declare_who_word(g.who));
		acl_clear(&a);
	}
	name_table_clear(&names);
}

/* Users of this machine, and users of the application with such names. */
static void
test_local_users(void)
{
	static const struct declare_grant local = {
		.who = DECLARE_LOCAL_USER, .name = "root" };
	static const struct declare_grant user_root = {
		.who = DECLARE_USER, .name = "root" };
	const struct principal *root = principal_new_local(0);
	const struct principal *named = user("root", NULL);
	const struct principal *sly = user("local:root", NULL);
	struct name_table names;
	struct acl of_local, of_user;

	if (root == NULL)
		abort();
	name_table_init(&names);
	of_local = right(&names, &local, 1);
	of_user = right(&names, &user_root, 1);
	tap_str(root->name, "local:root", "user 0 is root");
	tap_ok(acl_allows(&of_local, root), "a local user is allowed by name");
	tap_ok(!acl_allows(&of_local, named),
	    "a user of the application with the same name is not");
	tap_ok(!acl_allows(&of_local, sly),
	    "nor one who is called like the local user");
	tap_ok(acl_allows(&of_user, named) && !acl_allows(&of_user, root),
	    "the name of a user does not allow a local user");
	acl_clear(&of_local);
	acl_clear(&of_user);
	name_table_clear(&names);
	principal_unref(root);
	principal_unref(named);
	principal_unref(sly);
}

/* The configuration names other roles after a reload. */
static void
test_later(void)
{
	static const char *const roles[] = { "old", "new", NULL };
	struct name_table names, other;
	struct acl old, new, foreign;
	const struct principal *ann = user("ann", roles);

	name_table_init(&names);
	name_table_init(&other);
	old = right_of_role(&names, "old");
	tap_ok(acl_allows(&old, ann), "a role is allowed");
	new = right_of_role(&names, "new");
	tap_ok(acl_allows(&new, ann), "so is a role that is named later");
	tap_ok(acl_allows(&old, ann), "the first role is still allowed");

	foreign = right_of_role(&other, "foreign");
	tap_ok(!acl_allows(&foreign, ann),
	    "another broker does not use these numbers");
	tap_ok(acl_allows(&old, ann), "nor this broker those of the other");
	acl_clear(&old);
	acl_clear(&new);
	acl_clear(&foreign);
	name_table_clear(&names);
	name_table_clear(&other);
	principal_unref(ann);
}

static void
test_many(void)
{
	static char text[MANY][16];
	static const char *roles[MANY + 1];
	struct name_table names;
	struct acl first, last, none;
	const struct principal *ann;
	size_t i, n;

	for (i = 0; i < MANY; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "role-%zu", i);
		roles[i] = text[i];
	}
	ann = user("ann", roles);
	name_table_init(&names);
	last = right_of_role(&names, "role-999");
	first = right_of_role(&names, "role-0");
	none = right_of_role(&names, "role-1000");
	tap_ok(acl_allows(&first, ann) && acl_allows(&last, ann),
	    "each of many roles counts");
	tap_ok(!acl_allows(&none, ann), "other roles do not");
	tap_int(names.n, 3, "the broker has only the roles that rights name");
	(void)principal_numbers(ann, &names, &n);
	tap_int((int64_t)n, 2, "the principal has two of them");
	acl_clear(&first);
	acl_clear(&last);
	acl_clear(&none);
	name_table_clear(&names);
	principal_unref(ann);
}

int
main(void)
{
	test_names();
	test_sets();
	test_named();
	test_proofs();
	test_local_users();
	test_later();
	test_many();
	return tap_done();
}
