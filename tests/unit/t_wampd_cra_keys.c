/*
 * t_wampd_cra_keys.c: the file with the keys of WAMP-CRA, and its faults.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/auth/cra_keys.h"
#include "wampd/core/permissions.h"
#include "wampd/core/principal.h"

#define FILE_NAME	"keys.yml"
#define DERIVED		"znWa4bxY1glpbQlZziHIlXA2shfF+HoCr9bnmZ5HPQg="

static void
write_file(const char *text, mode_t mode)
{
	FILE *f = fopen(FILE_NAME, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF ||
	    chmod(FILE_NAME, mode) == -1)
		abort();
}

static struct cra_keys *
load(const char *text, struct diags *d)
{
	write_file(text, 0600);
	return cra_keys_load(FILE_NAME, d);
}

/* The text has exactly these faults, one a line, without the file's name. */
static void
faulty(const char *text, const char *want)
{
	struct diags d = { 0 };
	struct cra_keys *keys = load(text, &d);
	struct buf out = { 0 };
	size_t i;

	for (i = 0; i < d.n; i++)
		if (buf_addf(&out, "%u:%u %s [%s]\n", d.v[i].line,
		    d.v[i].column, d.v[i].text, d.v[i].rule) == -1)
			abort();
	tap_ok(keys == NULL, "the file is not taken");
	tap_str(buf_cstr(&out), want, "says why");
	tap_ok(strstr(buf_cstr(&out), "S3CRET") == NULL,
	    "does not show the secret");
	buf_clear(&out);
	diag_clear(&d);
	cra_keys_free(keys);
}

static void
test_keys(void)
{
	struct diags d = { 0 };
	struct cra_keys *all = load("alice:\n  derived: " DERIVED "\n"
	    "  salt: RANDOM SALT\n  iterations: 1000\n  user: Alice A.\n"
	    "  user_id: 7\n  roles: [ROLE_A, ROLE_B]\n  permissions:\n"
	    "    pubsub: [{ uri: news/, prefix: true, sub: true }]\n"
	    "    rpc: [{ uri: add, call: true }]\n"
	    "bob: { secret: ' b\\o\"b ', roles: ROLE_C }\n", &d);
	const struct cra_key *k;
	const struct principal *p;

	if (!tap_ok(all != NULL && d.n == 0, "a file with two keys"))
		abort();
	tap_int((long long)cra_keys_count(all), 2, "has two keys");
	k = cra_keys_find(all, SLICE("alice"));
	tap_ok(k != NULL, "alice has one");
	if (k == NULL)
		abort();
	p = k->principal[0];
	tap_str(k->secret.bytes, DERIVED, "the derived text signs");
	tap_ok(slice_eq(k->salt.salt, SLICE("RANDOM SALT")) &&
	    k->salt.iterations == 1000 && k->salt.keylen == 32, "her salt");
	tap_str(p->name, "Alice A.", "her name");
	tap_int(p->user_id, 7, "her id");
	tap_str(p->roles[1], "ROLE_B", "her second role");
	tap_ok(p->roles[2] == NULL, "there is no third one");
	tap_int(p->who, WHO_ANYONE | WHO_AUTHENTICATED | WHO_CRA,
	    "what is proved");
	tap_int(k->principal[1]->who, WHO_ANYONE | WHO_AUTHENTICATED |
	    WHO_CRA | WHO_LOOPBACK, "and from this machine");
	tap_ok(p->permissions != NULL && permissions_allow(p->permissions,
	    DECLARE_SUBSCRIBE, SLICE("news/x")) && !permissions_allow(
	    p->permissions, DECLARE_PUBLISH, SLICE("news/x")) &&
	    permissions_allow(p->permissions, DECLARE_CALL, SLICE("add")),
	    "her permissions");
	k = cra_keys_find(all, SLICE("bob"));
	if (k == NULL)
		abort();
	tap_str(k->secret.bytes, " b\\o\"b ", "bob's secret, with blanks");
	tap_ok(k->salt.salt.len == 0, "has no salt");
	tap_str(k->principal[0]->name, "bob", "the key is his name");
	tap_str(k->principal[0]->roles[0], "ROLE_C", "one role");
	tap_ok(k->principal[0]->permissions == NULL, "nothing restricts him");
	tap_ok(cra_keys_find(all, SLICE("bo")) == NULL &&
	    cra_keys_find(all, SLICE("")) == NULL, "there is no other");
	tap_ok(cra_keys_first_salt(all).salt.len > 0, "the first is salted");
	cra_keys_free(all);
	diag_clear(&d);
}

static void
test_faults(void)
{
	faulty("[S3CRET]\n", "1:1 the file must hold keys: write \"NAME: { "
	    "secret: ... }\" [not-a-mapping]\n");
	faulty("{}\n", "1:1 the file must hold keys: write \"NAME: { "
	    "secret: ... }\" [not-a-mapping]\n");
	faulty("a: S3CRET\n", "1:4 the key \"a\" must be a mapping: write { "
	    "secret: ... } [not-a-mapping]\n");
	faulty("a: { secret: S3CRET, derived: x }\nb: { user: x }\n",
	    "1:1 the key \"a\" needs either \"secret:\" or \"derived:\" with "
	    "\"salt:\" [missing-key]\n"
	    "2:1 the key \"b\" needs either \"secret:\" or \"derived:\" with "
	    "\"salt:\" [missing-key]\n");
	faulty("a: { secret: S3CRET, salt: x }\n", "1:28 salt, iterations and "
	    "keylen: they belong to \"derived:\" [bad-value]\n");
	faulty("a: { secret: '' }\n",
	    "1:14 secret: it needs 1 to 1024 bytes [bad-value]\n");
	faulty("a: { derived: " DERIVED " }\n",
	    "1:15 derived: it needs \"salt:\" [bad-value]\n");
	faulty("a: { derived: S3CRET-, salt: x }\n",
	    "1:15 derived: it must be base64 [bad-value]\n");
	faulty("a: { derived: " DERIVED ", salt: x, keylen: 20 }\n", "1:15 "
	    "derived: it has 32 bytes, but keylen is 20 [bad-value]\n");
	faulty("a: { derived: " DERIVED ", salt: x, iterations: 0 }\n",
	    "1:82 iterations: 0 is not between 1 and 1000000 [bad-value]\n");
	faulty("a: { secret: S3CRET, user: 'local:root' }\n", "1:28 user: "
	    "names of local users begin with \"local:\" [bad-value]\n");
	faulty("'local:x': { secret: S3CRET }\n", "1:1 user: names of local "
	    "users begin with \"local:\" [bad-value]\n");
	faulty("a: { secret: S3CRET, user: \"x\\e[1m\" }\n",
	    "1:28 user needs 1 to 128 printable bytes [bad-value]\n");
	faulty("a: { secret: S3CRET, user_id: x, roles: { a: b } }\n",
	    "1:31 user_id: \"x\" is not a whole number [bad-value]\n"
	    "1:41 roles: it must be a list of at most 256 names [bad-value]"
	    "\n");
	faulty("a: { secret: S3CRET, sekret: S3CRET }\n", "1:22 unknown key "
	    "\"sekret\": write one of secret, derived, salt, iterations, "
	    "keylen, user, user_id, roles, permissions [unknown-key]\n");
	faulty("a: { secret: S3CRET, permissions: { pubsub: x, rpc: [y, { "
	    "call: true }, { uri: z, call: 5 }] } }\n",
	    "1:45 pubsub: it must be a list of at most 1000 entries "
	    "[bad-value]\n"
	    "1:54 rpc: write { uri: URI, call: true } [bad-value]\n"
	    "1:57 rpc: an entry needs \"uri:\" [bad-value]\n"
	    "1:89 call must be true or false, without quotes [not-a-flag]"
	    "\n");
}

static void
test_file(void)
{
	struct diags d = { 0 };

	(void)unlink(FILE_NAME);
	tap_ok(cra_keys_load(FILE_NAME, &d) == NULL && d.errors == 1,
	    "a missing file is an error");
	diag_clear(&d);
	d = (struct diags){ 0 };
	write_file("a: { secret: x }\n", 0644);
	cra_keys_free(cra_keys_load(FILE_NAME, &d));
	tap_ok(d.n == 1 && d.errors == 0 &&
	    strcmp(d.v[0].rule, "open-file") == 0,
	    "a file that others may read is a warning");
	diag_clear(&d);
	d = (struct diags){ 0 };
	write_file("a: { secret: x }\n", 0640);
	cra_keys_free(cra_keys_load(FILE_NAME, &d));
	tap_int((long long)d.n, 0, "one that a group may read is not");
	diag_clear(&d);
	(void)unlink(FILE_NAME);
}

int
main(void)
{
	char folder[] = "/tmp/t_wampd_cra_keys.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) == -1)
		abort();
	test_keys();
	test_faults();
	test_file();
	if (chdir("/") == -1 || rmdir(folder) == -1)
		abort();
	return tap_done();
}
