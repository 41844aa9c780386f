/*
 * t_paseto.c: PASETO and PASERK with the vectors of their authors; files of
 * keys; and tokens that must be refused.
 */
#include "token/paseto_keys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "token/paseto.h"
#include "tap.h"
#include "vectors.h"

#define NOW	INT64_C(1767225600000)	/* 2026-01-01 */
#define KEY_A	"k4.secret.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
		"AAAAA7aie8zrakLWKjqNAqbw1zZTIVdx3iQ6Y6wEihi1naKQ"
#define KEY_B	"k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4" \
		"yNjo8c5WpIyC_5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ"
#define KEY_L	"k4.local.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8"

static const struct token_rules rules = { .now_ms = NOW };

static void
read_hex(unsigned char *out, size_t size, const char *hex)
{
	size_t len = 0;

	(void)sodium_hex2bin(out, size, hex, strlen(hex), NULL, &len, NULL);
}

/* ---- the vectors of PASERK ---- */

static void
check_paserk_id(const struct vector *v)
{
	struct paserk k = { .type = strncmp(v->how, "k4.lid", 6) == 0 ?
	    PASERK_LOCAL : PASERK_PUBLIC };
	char id[PASERK_ID_SIZE];

	read_hex(k.bytes, sizeof(k.bytes), v->want);
	tap_ok(paserk_id(id, &k) == 0 && slice_eq(v->input, slice_str(id)),
	    "%s: the id", v->how);
}

static void
check_paserk(const struct vector *v)
{
	char hex[2 * PASERK_SECRET_SIZE + 1];
	struct paserk k = { .type = PASERK_LOCAL };
	struct errbuf e = { "" };
	struct buf text = { 0 };

	if (strncmp(v->how, "k4.lid", 6) == 0 ||
	    strncmp(v->how, "k4.pid", 6) == 0) {
		check_paserk_id(v);
		return;
	}
	if (strcmp(v->want, "refused") == 0) {
		tap_ok(paserk_read(&k, v->input, &e) == -1 &&
		    e.msg[0] != '\0', "%s: refused", v->how);
		return;
	}
	tap_int(paserk_read(&k, v->input, &e), 0, "%s: read", v->how);
	(void)sodium_bin2hex(hex, sizeof(hex), k.bytes, strlen(v->want) / 2);
	tap_str(hex, v->want, "%s: the key", v->how);
	tap_ok(paserk_write(&text, &k) == 0 &&
	    slice_eq(buf_slice(&text), v->input), "%s: written", v->how);
	buf_clear(&text);
}

/* ---- the vectors of PASETO ---- */

struct how {
	char name[16], kind[16], key[160], nonce[80], implicit[80];
};

static void
check_refused(const struct vector *v, const struct how *how,
    const struct paserk *key)
{
	struct paseto p = { .local = false };
	enum token_verdict verdict = paseto_split(&p, v->input);

	if (strcmp(v->want, "malformed") == 0)
		tap_int(verdict, TOKEN_MALFORMED, "%s: malformed", how->name);
	else
		tap_ok(verdict == TOKEN_OK &&
		    p.local != (key->type == PASERK_LOCAL),
		    "%s: of the other kind", how->name);
	paseto_clear(&p);
}

static void
check_made(const struct vector *v, const struct how *how,
    const struct paserk *key, const struct paseto *p, struct slice implicit)
{
	unsigned char nonce[PASETO_NONCE_SIZE] = { 0 };
	struct buf made = { 0 };

	read_hex(nonce, sizeof(nonce), how->nonce);
	tap_ok(paseto_make_with_nonce(&made, key, slice_str(v->want),
	    buf_slice(&p->footer), implicit, nonce) == 0 &&
	    slice_eq(buf_slice(&made), v->input), "%s: made", how->name);
	buf_clear(&made);
}

static void
check_opened(const struct vector *v, const struct how *how,
    const struct paserk *key, struct slice implicit)
{
	struct paseto p = { .local = false };
	struct paserk opener = *key;
	struct buf message = { 0 };

	if (key->type == PASERK_SECRET)
		paserk_public(&opener, key);
	if (tap_int(paseto_split(&p, v->input), TOKEN_OK, "%s: taken apart",
	    how->name)) {
		check_made(v, how, key, &p, implicit);
		tap_int(paseto_open(&message, &p, &opener, implicit),
		    TOKEN_OK, "%s: genuine", how->name);
		tap_slice(buf_slice(&message), v->want, "%s: the message",
		    how->name);
		tap_int(paseto_open(&message, &p, &opener,
		    SLICE("other")), TOKEN_BAD_SIGNATURE,
		    "%s: not with another assertion", how->name);
		opener.bytes[1] ^= 1;
		tap_int(paseto_open(&message, &p, &opener, implicit),
		    TOKEN_BAD_SIGNATURE, "%s: not with another key",
		    how->name);
	}
	paseto_clear(&p);
	buf_clear(&message);
}

static void
check_paseto(const struct vector *v)
{
	struct paserk key = { .type = PASERK_LOCAL };
	struct how how;

	if (!tap_ok(sscanf(v->how, "%15s %15s %159s %79s %79s", how.name,
	    how.kind, how.key, how.nonce, how.implicit) == 5,
	    "line %zu: five words", v->line))
		return;
	if (strcmp(how.kind, "secret") == 0)
		key.type = PASERK_SECRET;
	read_hex(key.bytes, sizeof(key.bytes), how.key);
	if (v->want[0] == '{')
		check_opened(v, &how, &key, slice_str(
		    strcmp(how.implicit, "-") == 0 ? "" : how.implicit));
	else
		check_refused(v, &how, &key);
}

/* ---- keys and tokens ---- */

static struct paseto_keys
make_keys(const char *text)
{
	struct paseto_keys keys = { 0 };
	struct errbuf e = { "" };

	tap_int(paseto_keys_add(&keys, slice_str(text), &e), 0,
	    "keys are read%s%s", e.msg[0] ? ": " : "", e.msg);
	return keys;
}

/* A token for "anna" of the first key, until a minute from now. */
static void
issue(struct buf *out, const struct paseto_keys *keys)
{
	const char *const roles[] = { "admin", "sales", NULL };
	const struct claims c = { .sub = "7", .name = "anna", .user_id = 7,
	    .roles = roles, .exp = NOW + 60000, .nbf = CLAIMS_NEVER,
	    .iat = NOW };

	buf_reset(out);
	tap_int(paseto_issue(out, &keys->v[0], &c), 0, "a token is made");
}

static enum token_verdict
verify(const struct paseto_keys *keys, struct slice token)
{
	struct claims c;
	enum token_verdict v = paseto_verify(&c, keys, token, &rules);

	if (v == TOKEN_OK)
		tap_ok(strcmp(claims_name(&c), "anna") == 0 &&
		    c.user_id == 7 && strcmp(c.roles[1], "sales") == 0 &&
		    c.roles[2] == NULL && c.exp == NOW + 60000,
		    "its claims come back");
	claims_clear(&c);
	return v;
}

/* Change each character of a token, and cut it at each place. */
static void
test_every_change(const char *kind, const char *key)
{
	struct paseto_keys keys = make_keys(key);
	size_t i, changed = 0, cut = 0;
	struct buf token = { 0 };

	issue(&token, &keys);
	tap_int(verify(&keys, buf_slice(&token)), TOKEN_OK, "%s: valid",
	    kind);
	for (i = 0; i < token.len; i++) {
		char was = token.data[i];

		token.data[i] = was == 'A' ? 'B' : 'A';
		changed += verify(&keys, buf_slice(&token)) == TOKEN_OK;
		token.data[i] = was;
		cut += verify(&keys, slice_of(token.data, i)) == TOKEN_OK;
	}
	tap_int(changed, 0, "%s: no character may be changed", kind);
	tap_int(cut, 0, "%s: none may be missing", kind);
	(void)buf_add_char(&token, '.');
	tap_int(verify(&keys, buf_slice(&token)), TOKEN_MALFORMED,
	    "%s: no third part", kind);
	buf_clear(&token);
	paseto_keys_clear(&keys);
}

static void
test_rotation(void)
{
	struct paseto_keys both = make_keys(KEY_A "\n\n# old:\n" KEY_B " b\n");
	struct paseto_keys a = make_keys(KEY_A), b = make_keys(KEY_B " b");
	struct paseto_keys local = make_keys(KEY_L);
	struct buf token = { 0 };

	issue(&token, &a);
	tap_int(verify(&both, buf_slice(&token)), TOKEN_OK,
	    "the first of two keys");
	issue(&token, &b);
	tap_int(verify(&both, buf_slice(&token)), TOKEN_OK,
	    "the second, by an id of its own");
	tap_int(verify(&a, buf_slice(&token)), TOKEN_UNKNOWN_KEY,
	    "a key that is not there any more");
	tap_int(verify(&local, buf_slice(&token)), TOKEN_UNKNOWN_KEY,
	    "a key of the other kind");
	buf_reset(&token);
	tap_int(paseto_make(&token, &b.v[0].key, SLICE("{\"name\":\"anna\","
	    "\"user_id\":7,\"roles\":[\"x\",\"sales\"],"
	    "\"exp\":\"2026-01-01T00:01:00Z\"}"), SLICE("any footer"),
	    SLICE("")), 0, "a token that names no key");
	tap_int(verify(&both, buf_slice(&token)), TOKEN_OK,
	    "without a name, all keys are tried");
	tap_int(verify(&a, buf_slice(&token)), TOKEN_BAD_SIGNATURE,
	    "and none fits");
	buf_clear(&token);
	paseto_keys_clear(&both);
	paseto_keys_clear(&a);
	paseto_keys_clear(&b);
	paseto_keys_clear(&local);
}

/* A token that names one key, but is signed with another one. */
static void
test_wrong_name(void)
{
	struct paseto_keys keys = make_keys(KEY_A " a\n" KEY_B " b\n");
	struct buf token = { 0 };

	(void)paseto_make(&token, &keys.v[1].key, SLICE("{}"),
	    SLICE("{\"kid\":\"a\"}"), SLICE(""));
	tap_int(verify(&keys, buf_slice(&token)), TOKEN_BAD_SIGNATURE,
	    "only the key that is named is tried");
	buf_reset(&token);
	(void)paseto_make(&token, &keys.v[1].key, SLICE("{}"),
	    SLICE("{\"kid\":7}"), SLICE(""));
	tap_int(verify(&keys, buf_slice(&token)), TOKEN_MALFORMED,
	    "an id must be a string");
	buf_reset(&token);
	(void)paseto_make(&token, &keys.v[1].key, SLICE("{}"),
	    SLICE("{\"kid\":{\"a\":{}}}"), SLICE(""));
	tap_int(verify(&keys, buf_slice(&token)), TOKEN_MALFORMED,
	    "a footer is not nested deeply");
	buf_clear(&token);
	paseto_keys_clear(&keys);
}

static void
check_bad_file(const char *text, const char *why)
{
	struct paseto_keys keys = { 0 };
	struct errbuf e = { "" };

	tap_int(paseto_keys_add(&keys, slice_str(text), &e), -1,
	    "refused: %s", why);
	tap_str(e.msg, why, "and it says so");
	paseto_keys_clear(&keys);
}

static void
test_files(void)
{
	char path[] = "/tmp/t_paseto.XXXXXX", want[128];
	struct errbuf warning = { "" }, e = { "" };
	struct paseto_keys keys = { 0 };
	int fd = mkstemp(path);

	check_bad_file("\n\nhello\n", "3: not a key: it does not begin with "
	    "k4.local., k4.public. or k4.secret.");
	check_bad_file(KEY_L " a b", "1: more than a key and its id");
	check_bad_file(KEY_L "=", "1: the key is not base64url after "
	    "k4.local.");
	check_bad_file("k4.local.AAAA", "1: the key has 3 bytes, not 32");
	check_bad_file("k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo"
	    "87aie8zrakLWKjqNAqbw1zZTIVdx3iQ6Y6wEihi1naKQ",
	    "1: the two halves of the key do not belong together");
	tap_int(paseto_keys_load(&keys, path, NULL, &e), -1, "an empty file");
	(void)snprintf(want, sizeof(want), "%s: empty", path);
	tap_str(e.msg, want, "and it says so");
	(void)dprintf(fd, "# nothing\n");
	tap_int(paseto_keys_load(&keys, path, NULL, &e), -1, "no key in it");
	(void)snprintf(want, sizeof(want), "%s: there is no key in it",
	    path);
	tap_str(e.msg, want, "and it says so");
	(void)dprintf(fd, "%s\n", KEY_L);
	tap_int(paseto_keys_load(&keys, path, &warning, &e), 0, "a key");
	tap_str(warning.msg, "", "of which only its owner knows");
	(void)fchmod(fd, 0644);
	tap_int(paseto_keys_load(&keys, path, &warning, &e), 0, "a key");
	(void)snprintf(want, sizeof(want), "%s: other users may read or "
	    "change it: chmod o= %s", path, path);
	tap_str(warning.msg, want, "that everybody may read");
	tap_int(keys.n, 2, "both were added");
	(void)close(fd);
	(void)unlink(path);
	paseto_keys_clear(&keys);
}

static void
test_many_keys(void)
{
	struct paseto_keys keys = { 0 };
	struct errbuf e = { "" };
	int i, rc = 0;

	for (i = 0; i <= TOKEN_KEYS_MAX && rc == 0; i++)
		rc = paseto_keys_add(&keys, SLICE(KEY_L "\n"), &e);
	tap_int(i, TOKEN_KEYS_MAX + 1, "as many keys as allowed");
	tap_str(e.msg, "1: more than 32 keys", "and no more");
	paseto_keys_clear(&keys);
}

static void
test_made_keys(void)
{
	struct paserk local, secret, again;
	struct buf text = { 0 };
	struct errbuf e = { "" };
	char ids[2][PASERK_ID_SIZE];

	paserk_make(&local, PASERK_LOCAL);
	paserk_make(&secret, PASERK_SECRET);
	tap_ok(paserk_write(&text, &secret) == 0 && paserk_read(&again,
	    buf_slice(&text), &e) == 0, "a new key is read again");
	tap_ok(paserk_id(ids[0], &secret) == 0 && paserk_id(ids[1],
	    &again) == 0 && strcmp(ids[0], ids[1]) == 0, "with its id");
	paserk_public(&again, &secret);
	tap_ok(paserk_id(ids[1], &again) == 0 &&
	    strcmp(ids[0], ids[1]) == 0, "which is that of the public key");
	tap_ok(paserk_id(ids[1], &local) == 0 &&
	    strncmp(ids[1], "k4.lid.", 7) == 0, "k4.lid is of k4.local");
	buf_clear(&text);
	paserk_clear(&secret);
	tap_ok(sodium_is_zero(secret.bytes, sizeof(secret.bytes)),
	    "a cleared key is zero");
}

int
main(void)
{
	if (sodium_init() == -1)
		return 1;
	vectors_run("tests/vectors/paserk.txt", check_paserk);
	vectors_run("tests/vectors/paseto.txt", check_paseto);
	test_every_change("v4.public", KEY_A);
	test_every_change("v4.local", KEY_L);
	test_rotation();
	test_wrong_name();
	test_files();
	test_many_keys();
	test_made_keys();
	return tap_done();
}
