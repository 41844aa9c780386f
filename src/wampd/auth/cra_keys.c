/*
 * cra_keys.c: the file with the keys of WAMP-CRA.
 */
#include "wampd/auth/cra_keys.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/num.h"
#include "base/printable.h"
#include "route/source.h"
#include "wampd/core/permissions.h"
#include "wampd/core/principal.h"

#define NAME_MAX_BYTES	128	/* of a user's or a role's name */
#define ROLES_MAX	256
#define SECRET_MAX	1024	/* bytes */

struct cra_keys {
	unsigned	refs;
	struct map	map;	/* of struct cra_key; owned */
	struct cra_salt first;	/* borrowed from a key */
};

/* A key that is being read. */
struct reading {
	struct source	source;
	struct cra_key *key;
	bool		failed;		/* out of memory */
};

/* ---- life ---- */

static struct slice
key_name(const void *key)
{
	return slice_str(((const struct cra_key *)key)->authkey);
}

static void
key_free(struct cra_key *k)
{
	if (k == NULL)
		return;
	secret_clear(&k->secret);
	free(k->authkey);
	free(k->salt_text);
	permissions_unref(k->permissions);
	principal_unref(k->principal[0]);
	principal_unref(k->principal[1]);
	free(k);
}

struct cra_keys *
cra_keys_hold(struct cra_keys *all)
{
	if (all != NULL)
		all->refs++;
	return all;
}

void
cra_keys_free(struct cra_keys *all)
{
	struct cra_key *k;
	size_t at = 0;

	if (all == NULL || --all->refs > 0)
		return;
	while ((k = map_next(&all->map, &at)) != NULL)
		key_free(k);
	map_clear(&all->map);
	free(all);
}

const struct cra_key *
cra_keys_find(const struct cra_keys *all, struct slice authkey)
{
	return all != NULL ? map_find(&all->map, authkey) : NULL;
}

struct cra_salt
cra_keys_first_salt(const struct cra_keys *all)
{
	return all != NULL ? all->first : (struct cra_salt){ .iterations = 0 };
}

size_t
cra_keys_count(const struct cra_keys *all)
{
	return all->map.count;
}

/* ---- texts and numbers ---- */

static void
report(const struct reading *r, const struct yaml_node *n, const char *what,
    const char *why)
{
	source_report(&r->source, DIAG_ERROR, n, "bad-value", "%s: %s", what,
	    why);
}

/* Whether the node is a name that may be logged and shown. */
static bool
check_name(const struct reading *r, const struct yaml_node *n,
    const char *what, size_t max)
{
	if (source_text(&r->source, n, what) == NULL)
		return false;
	if (n->text.len > 0 && n->text.len <= max && printable_is(n->text))
		return true;
	source_report(&r->source, DIAG_ERROR, n, "bad-value", "%s needs 1 to "
	    "%zu printable bytes", what, max);
	return false;
}

static void
read_number(const struct reading *r, const struct yaml_node *n,
    const char *what, int64_t max, int64_t *out)
{
	const char *text;
	struct errbuf e;

	if (n != NULL && (text = source_text(&r->source, n, what)) != NULL &&
	    num_int(out, text, 1, max, &e) == -1)
		report(r, n, what, e.msg);
}

static bool
read_allowed(const struct reading *r, const struct yaml_node *n,
    const char *what)
{
	return n != NULL && source_flag(&r->source, n, what);
}

/* ---- what signs ---- */

static void
read_plain(struct reading *r, const struct yaml_node *n)
{
	if (source_text(&r->source, n, "secret") == NULL)
		return;
	if (n->text.len == 0 || n->text.len > SECRET_MAX)
		report(r, n, "secret", "it needs 1 to 1024 bytes");
	else if (secret_copy(&r->key->secret, n->text) == -1)
		r->failed = true;
}

/* A text of another length was derived with another keylen. */
static void
check_derived(const struct reading *r, const struct yaml_node *n)
{
	unsigned char bytes[CRA_KEYLEN_MAX];
	size_t len = 0;

	if (sodium_base642bin(bytes, sizeof(bytes), n->text.p, n->text.len,
	    NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) == -1)
		report(r, n, "derived", "it must be base64");
	else if (len != (size_t)r->key->salt.keylen)
		source_report(&r->source, DIAG_ERROR, n, "bad-value",
		    "derived: it has %zu bytes, but keylen is %d", len,
		    (int)r->key->salt.keylen);
	sodium_memzero(bytes, sizeof(bytes));
}

static void
read_derived(struct reading *r, const struct yaml_node *n,
    const struct yaml_node *salt)
{
	struct cra_key *k = r->key;

	if (source_text(&r->source, n, "derived") == NULL ||
	    source_text(&r->source, salt, "salt") == NULL)
		return;
	if (salt->text.len == 0 || salt->text.len > SECRET_MAX) {
		report(r, salt, "salt", "it needs 1 to 1024 bytes");
		return;
	}
	check_derived(r, n);
	if ((k->salt_text = strdup(salt->text.p)) == NULL ||
	    secret_copy(&k->secret, n->text) == -1) {
		r->failed = true;
		return;
	}
	k->salt.salt = slice_str(k->salt_text);
}

enum field { SECRET, DERIVED, SALT, ITERATIONS, KEYLEN, USER, USER_ID, ROLES,
    PERMISSIONS, FIELDS };

static void
read_secret(struct reading *r, const struct yaml_node *name,
    const struct yaml_node *const *f)
{
	struct cra_salt *s = &r->key->salt;
	size_t i;

	s->iterations = CRA_ITERATIONS;
	s->keylen = CRA_KEYLEN;
	read_number(r, f[ITERATIONS], "iterations", CRA_ITERATIONS_MAX,
	    &s->iterations);
	read_number(r, f[KEYLEN], "keylen", CRA_KEYLEN_MAX, &s->keylen);
	if ((f[SECRET] != NULL) == (f[DERIVED] != NULL)) {
		source_report(&r->source, DIAG_ERROR, name, "missing-key",
		    "the key \"%s\" needs either \"secret:\" or \"derived:\" "
		    "with \"salt:\"", name->text.p);
	} else if (f[SECRET] != NULL) {
		for (i = SALT; i <= KEYLEN; i++)
			if (f[i] != NULL)
				report(r, f[i], "salt, iterations and keylen",
				    "they belong to \"derived:\"");
		read_plain(r, f[SECRET]);
	} else if (f[SALT] == NULL) {
		report(r, f[DERIVED], "derived", "it needs \"salt:\"");
	} else {
		read_derived(r, f[DERIVED], f[SALT]);
	}
}

/* ---- permissions ---- */

static void
add_permission(struct reading *r, const struct yaml_node *n, bool call)
{
	static const char *const topic_names[] = { "uri", "prefix", "pub",
	    "sub", NULL };
	static const char *const call_names[] = { "uri", "call", NULL };
	const struct yaml_node *f[4] = { NULL };
	struct permission entry = { .prefix = false };

	if (n->kind != YAML_MAPPING) {
		report(r, n, call ? "rpc" : "pubsub", call ?
		    "write { uri: URI, call: true }" :
		    "write { uri: URI, prefix: true, pub: true, sub: true }");
		return;
	}
	source_fields(&r->source, n, call ? call_names : topic_names, f,
	    DIAG_ERROR);
	if (f[0] == NULL) {
		report(r, n, call ? "rpc" : "pubsub", "an entry needs "
		    "\"uri:\"");
		return;
	}
	if (source_text(&r->source, f[0], "uri") == NULL)
		return;
	entry.uri = f[0]->text;
	if (call) {
		entry.allows[DECLARE_CALL] = read_allowed(r, f[1], "call");
	} else {
		entry.prefix = read_allowed(r, f[1], "prefix");
		entry.allows[DECLARE_PUBLISH] = read_allowed(r, f[2], "pub");
		entry.allows[DECLARE_SUBSCRIBE] = read_allowed(r, f[3],
		    "sub");
	}
	if ((call ? permissions_add_procedure : permissions_add_topic)(
	    r->key->permissions, &entry) == -1)
		r->failed = true;
}

static void
read_list(struct reading *r, const struct yaml_node *n, bool call)
{
	size_t i;

	if (n == NULL)
		return;
	if (n->kind != YAML_LIST || n->n > PERMISSIONS_MAX)
		report(r, n, call ? "rpc" : "pubsub",
		    "it must be a list of at most 1000 entries");
	for (i = 0; n->kind == YAML_LIST && i < n->n &&
	    i < PERMISSIONS_MAX; i++)
		add_permission(r, n->items[i], call);
}

static void
read_permissions(struct reading *r, const struct yaml_node *n)
{
	static const char *const names[] = { "pubsub", "rpc", NULL };
	const struct yaml_node *f[2] = { NULL };

	if (n == NULL)
		return;
	if (n->kind != YAML_MAPPING) {
		report(r, n, "permissions", "write { pubsub: [...], rpc: [...]"
		    " }");
		return;
	}
	source_fields(&r->source, n, names, f, DIAG_ERROR);
	if ((r->key->permissions = permissions_new()) == NULL) {
		r->failed = true;
		return;
	}
	read_list(r, f[0], false);
	read_list(r, f[1], true);
}

/* ---- whom it proves ---- */

/* Fill roles, which has room for ROLES_MAX and a NULL. */
static void
read_roles(const struct reading *r, const struct yaml_node *n,
    const char **roles)
{
	size_t i, count = 0;

	if (n == NULL)
		return;
	if (n->kind == YAML_SCALAR) {
		if (check_name(r, n, "roles", NAME_MAX_BYTES))
			roles[count++] = n->text.p;
	} else if (n->kind != YAML_LIST || n->n > ROLES_MAX) {
		report(r, n, "roles", "it must be a list of at most 256 "
		    "names");
	} else {
		for (i = 0; i < n->n; i++)
			if (check_name(r, n->items[i], "roles",
			    NAME_MAX_BYTES))
				roles[count++] = n->items[i]->text.p;
	}
}

static void
make_principals(struct reading *r, const char *user, int64_t user_id,
    const char *const *roles)
{
	static const unsigned who[] = { WHO_ANYONE | WHO_AUTHENTICATED |
	    WHO_CRA, WHO_ANYONE | WHO_AUTHENTICATED | WHO_CRA | WHO_LOOPBACK };
	struct cra_key *k = r->key;
	size_t i;

	for (i = 0; i < 2; i++) {
		k->principal[i] = principal_new(who[i], user, user_id, roles);
		if (k->principal[i] == NULL)
			r->failed = true;
		else if (k->permissions != NULL)
			principal_restrict(k->principal[i], k->permissions);
	}
}

static void
read_owner(struct reading *r, const struct yaml_node *name,
    const struct yaml_node *const *f)
{
	const struct yaml_node *user = f[USER] != NULL ? f[USER] : name;
	const char *roles[ROLES_MAX + 1] = { NULL };
	int64_t user_id = 0;

	read_number(r, f[USER_ID], "user_id", INT64_MAX, &user_id);
	read_roles(r, f[ROLES], roles);
	if (!check_name(r, user, "user", NAME_MAX_BYTES))
		return;
	if (slice_starts(user->text, SLICE(PRINCIPAL_LOCAL)))
		report(r, user, "user", "names of local users begin with "
		    "\"local:\"");
	else
		make_principals(r, user->text.p, user_id, roles);
}

/* ---- the file ---- */

/* Read one key.  NULL when out of memory, or after an error. */
static struct cra_key *
read_key(const struct source *s, const struct yaml_node *name,
    const struct yaml_node *value)
{
	static const char *const names[] = { "secret", "derived", "salt",
	    "iterations", "keylen", "user", "user_id", "roles", "permissions",
	    NULL };
	const struct yaml_node *f[FIELDS] = { NULL };
	struct reading r = { .source = *s };
	size_t before = s->diags->errors;

	if (!check_name(&r, name, "the name of a key", CRA_AUTHKEY_MAX))
		return NULL;
	if (value->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, value, "not-a-mapping", "the key "
		    "\"%s\" must be a mapping: write { secret: ... }",
		    name->text.p);
		return NULL;
	}
	source_fields(s, value, names, f, DIAG_ERROR);
	if ((r.key = calloc(1, sizeof(*r.key))) == NULL ||
	    (r.key->authkey = strdup(name->text.p)) == NULL) {
		r.failed = true;
	} else {
		read_secret(&r, name, f);
		read_permissions(&r, f[PERMISSIONS]);
		read_owner(&r, name, f);
	}
	if (r.failed)
		source_out_of_memory(s, name);
	if (s->diags->errors == before)
		return r.key;
	key_free(r.key);
	return NULL;
}

static void
read_keys(struct cra_keys *all, const struct source *s,
    const struct yaml_node *root)
{
	struct cra_key *k;
	size_t i;

	if (root->kind != YAML_MAPPING || root->n == 0) {
		source_report(s, DIAG_ERROR, root, "not-a-mapping", "the file "
		    "must hold keys: write \"NAME: { secret: ... }\"");
		return;
	}
	for (i = 0; i < root->n && !diags_full(s->diags); i++) {
		k = read_key(s, root->items[i], root->values[i]);
		if (k == NULL)
			continue;
		if (map_insert(&all->map, k) == -1) {
			source_out_of_memory(s, root->items[i]);
			key_free(k);
		} else if (i == 0) {
			all->first = k->salt;
		}
	}
}

/* Everybody on this machine could log in. */
static void
check_mode(const char *file, struct diags *d)
{
	struct stat st;

	if (stat(file, &st) == 0 && (st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		diag_add(d, DIAG_WARNING, file, 0, 0, "open-file",
		    "others may read or change the keys: chmod 640");
}

struct cra_keys *
cra_keys_load(const char *file, struct diags *d)
{
	size_t before = d->errors;
	struct cra_keys *all;
	struct arena mem = { 0 };
	const struct source s = { .file = file, .diags = d, .mem = &mem };
	struct yaml_doc *doc = yaml_load_file_secret(file, d);

	if (doc == NULL)
		return NULL;
	check_mode(file, d);
	if ((all = calloc(1, sizeof(*all))) == NULL) {
		source_out_of_memory(&s, yaml_root(doc));
	} else {
		all->refs = 1;
		map_init(&all->map, key_name);
		read_keys(all, &s, yaml_root(doc));
	}
	yaml_doc_free(doc);
	arena_clear(&mem);
	if (d->errors == before)
		return all;
	cra_keys_free(all);
	return NULL;
}
