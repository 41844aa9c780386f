/*
 * cra.c: WAMP-CRA, the login of WAMP v1: challenges and signatures.
 */
#include "wampd/auth/cra.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "proto/json.h"
#include "wampd/core/permissions.h"

/* ---- challenges ---- */

static const char *
flag(bool value)
{
	return value ? "true" : "false";
}

static int
write_topic(struct buf *out, const struct permission *p)
{
	if (buf_add_str(out, "{\"uri\":") == -1 ||
	    json_quote(out, p->uri) == -1)
		return -1;
	return buf_addf(out, ",\"prefix\":%s,\"pub\":%s,\"sub\":%s}",
	    flag(p->prefix), flag(p->allows[DECLARE_PUBLISH]),
	    flag(p->allows[DECLARE_SUBSCRIBE]));
}

static int
write_procedure(struct buf *out, const struct permission *p)
{
	if (buf_add_str(out, "{\"uri\":") == -1 ||
	    json_quote(out, p->uri) == -1)
		return -1;
	return buf_addf(out, ",\"call\":%s}", flag(p->allows[DECLARE_CALL]));
}

int
cra_permissions_write(struct buf *out, const struct permissions *p)
{
	size_t i;

	if (p == NULL)
		return buf_add_str(out, "{\"pubsub\":[],\"rpc\":[]}");
	if (buf_add_str(out, "{\"pubsub\":[") == -1)
		return -1;
	for (i = 0; i < p->n_topics; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    write_topic(out, &p->topics[i]) == -1)
			return -1;
	if (buf_add_str(out, "],\"rpc\":[") == -1)
		return -1;
	for (i = 0; i < p->n_procedures; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    write_procedure(out, &p->procedures[i]) == -1)
			return -1;
	return buf_add_str(out, "]}");
}

/* Append ,"KEY": and the text as a JSON string. */
static int
write_member(struct buf *out, const char *key, struct slice text)
{
	return buf_addf(out, "\"%s\":", key) == -1 ? -1 :
	    json_quote(out, text);
}

static int
write_salt(struct buf *out, const struct cra_salt *s)
{
	if (s->salt.len == 0)
		return 0;
	if (buf_add_str(out, ",\"authextra\":{") == -1 ||
	    write_member(out, "salt", s->salt) == -1)
		return -1;
	return buf_addf(out, ",\"iterations\":%" PRId64 ",\"keylen\":%" PRId64
	    "}", s->iterations, s->keylen);
}

int
cra_challenge_write(struct buf *out, const struct cra_challenge *c)
{
	char time[CLOCK_ISO_SIZE];

	if (buf_add_char(out, '{') == -1 ||
	    write_member(out, "authid", c->authid) == -1 ||
	    buf_add_char(out, ',') == -1 ||
	    write_member(out, "authkey", c->authkey) == -1 ||
	    buf_addf(out, ",\"timestamp\":\"%s\",",
	    clock_iso_of(time, c->wall)) == -1 ||
	    write_member(out, "sessionid", c->session) == -1 ||
	    buf_add_str(out, ",\"extra\":") == -1 ||
	    buf_add_slice(out, c->extra) == -1 ||
	    buf_add_str(out, ",\"permissions\":") == -1 ||
	    cra_permissions_write(out, c->permissions) == -1 ||
	    write_salt(out, &c->salt) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* ---- signatures ---- */

char *
cra_signature(char *out, struct slice key, struct slice challenge)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	(void)crypto_auth_hmacsha256_init(&state,
	    (const unsigned char *)key.p, key.len);
	(void)crypto_auth_hmacsha256_update(&state,
	    (const unsigned char *)challenge.p, challenge.len);
	(void)crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
	return sodium_bin2base64(out, CRA_SIGNATURE_SIZE, mac, sizeof(mac),
	    sodium_base64_VARIANT_ORIGINAL);
}

bool
cra_matches(struct slice key, struct slice challenge, struct slice signature)
{
	char want[CRA_SIGNATURE_SIZE];
	bool same;

	(void)cra_signature(want, key, challenge);
	same = signature.len == CRA_SIGNATURE_SIZE - 1 &&
	    sodium_memcmp(want, signature.p, signature.len) == 0;
	sodium_memzero(want, sizeof(want));
	return same;
}
