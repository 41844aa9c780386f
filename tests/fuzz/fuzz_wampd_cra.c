/*
 * fuzz_wampd_cra.c: any bytes as a file with the keys of WAMP-CRA.  What is
 * read from it makes challenges that our own client can sign.
 */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "client/cra.h"
#include "proto/json.h"
#include "route/yaml.h"
#include "wampd/auth/cra.h"
#include "wampd/auth/cra_keys.h"
#include "wampd/core/permissions.h"
#include "wampd/core/principal.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_principal(const struct cra_key *k, const struct principal *p)
{
	assert(principal_in(p, WHO_CRA) && principal_user(p) != NULL);
	assert(p->name[0] != '\0' && p->user_id >= 0);
	assert(!slice_starts(slice_str(p->name), SLICE(PRINCIPAL_LOCAL)));
	assert(p->permissions == k->permissions);
}

/* The challenge is JSON.  Our client makes the same signature of it, if it
 * knows the secret. */
static void
check_challenge(const struct cra_key *k)
{
	const struct cra_challenge c = {
		.authid = SLICE("AAAAAAAAAAAAAAAA"),
		.authkey = slice_str(k->authkey),
		.session = SLICE("v59mbCGDXZ7WTyxB"),
		.extra = SLICE("{}"),
		.permissions = k->permissions,
		.salt = k->salt,
	};
	struct buf text = { 0 }, signature = { 0 };
	struct json_error je;
	struct json_elem elem;
	struct errbuf e;

	assert(cra_challenge_write(&text, &c) == 0);
	assert(json_scan_value(buf_slice(&text), 8, &elem, &je) == 0);
	assert(elem.type == JSON_OBJECT);
	assert(json_member(elem.text, "authextra", &elem) ==
	    (k->salt.salt.len > 0));
	if (k->salt.salt.len == 0) {
		assert(strlen(k->secret.bytes) == k->secret.len);
		assert(cra_sign(&signature, buf_slice(&text),
		    k->secret.bytes, &e) == 0);
		assert(cra_matches(secret_slice(&k->secret),
		    buf_slice(&text), buf_slice(&signature)));
	}
	buf_clear(&text);
	buf_clear(&signature);
}

static void
check_key(const struct cra_key *k)
{
	assert(k->secret.len > 0);
	assert(k->salt.iterations > 0 && k->salt.keylen > 0);
	check_principal(k, k->principal[0]);
	check_principal(k, k->principal[1]);
	check_challenge(k);
}

/* Each key of the file is there under its name. */
static void
check_keys(const struct cra_keys *keys, struct slice text)
{
	struct diags d = { 0 };
	struct yaml_doc *doc = yaml_load_text("k.yml", text, &d);
	const struct cra_key *k;
	size_t i;

	assert(doc != NULL);
	assert(cra_keys_count(keys) == yaml_root(doc)->n);
	for (i = 0; i < yaml_root(doc)->n; i++) {
		k = cra_keys_find(keys, yaml_root(doc)->items[i]->text);
		assert(k != NULL);
		check_key(k);
	}
	yaml_doc_free(doc);
	diag_clear(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	int fd = memfd_create("keys", MFD_CLOEXEC);
	struct diags d = { 0 };
	struct cra_keys *keys;
	char path[32];

	assert(sodium_init() != -1);
	assert(fd != -1 && io_write_all(fd, text.p, text.len) == 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	keys = cra_keys_load(path, &d);
	assert((keys != NULL) == (d.errors == 0));
	if (keys != NULL)
		check_keys(keys, text);
	cra_keys_free(keys);
	diag_clear(&d);
	(void)close(fd);
	return 0;
}
