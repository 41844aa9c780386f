/*
 * tokens.c: checking PASETOs and JSON Web Tokens.
 */
#include "wampd/auth/tokens.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/opt_list.h"
#include "token/jwt.h"
#include "token/paseto_keys.h"
#include "wampd/auth/seen.h"
#include "wampd/core/broker.h"

struct tokens {
	struct tokens_settings set;
	enum ticket_kind kind;
	struct broker	*b;		/* borrowed */
	struct paseto_keys paseto;
	struct jwks	 jwks;
	struct seen	*seen;		/* borrowed */
};

/* ---- keys ---- */

static bool
is_secret_half(const struct paseto_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (keys->v[i].key.type == PASERK_SECRET)
			return true;
	return false;
}

/* A broker that only checks must not be able to sign. */
static int
load_paseto(struct paseto_keys *keys, const char *path,
    struct errbuf *warning, struct errbuf *e)
{
	if (paseto_keys_load(keys, path, warning, e) == -1)
		return -1;
	if (!is_secret_half(keys))
		return 0;
	err_set(e, "%s: k4.secret is for whoever makes tickets: put its "
	    "public key here, see \"wamp-ticket key\"", path);
	return -1;
}

static int
load_keys(struct tokens *t, struct errbuf *warning, struct errbuf *e)
{
	const struct opt_list *keys = t->set.keys;
	size_t i;
	int rc = 0;

	for (i = 0; i < keys->n && rc == 0; i++)
		rc = t->kind == TICKET_JWT ?
		    jwks_load(&t->jwks, keys->v[i], warning, e) :
		    load_paseto(&t->paseto, keys->v[i], warning, e);
	return rc;
}

/* A provider signs the tokens of many services with one key.  Without an
 * audience, each of them could log its users in here. */
static int
check_settings(enum ticket_kind kind, const struct tokens_settings *set,
    struct errbuf *e)
{
	if (kind != TICKET_JWT || set->audience != NULL)
		return 0;
	err_set(e, "tickets.jwt.audience is missing: it says which tokens of "
	    "the provider are for this server");
	return -1;
}

/* Load all keys.  0, or -1 with *e filled, which names the key of the
 * configuration. */
static int
tokens_load(struct tokens *t, struct errbuf *warning, struct errbuf *e)
{
	if (load_keys(t, warning, e) == 0 &&
	    check_settings(t->kind, &t->set, e) == 0)
		return 0;
	err_wrap(e, t->kind == TICKET_JWT ? "tickets.jwt.keys" :
	    "tickets.paseto.keys");
	return -1;
}

int
tokens_check(enum ticket_kind kind, const struct tokens_settings *set,
    struct errbuf *warning, struct errbuf *e)
{
	struct tokens t = { .set = *set, .kind = kind };
	int rc = tokens_load(&t, warning, e);

	paseto_keys_clear(&t.paseto);
	jwks_clear(&t.jwks);
	return rc;
}

/* ---- checking ---- */

static enum token_verdict
verify(const struct tokens *t, struct claims *c, struct slice ticket,
    int64_t now)
{
	const struct token_rules rules = {
		.audience = t->set.audience, .issuer = t->set.issuer,
		.now_ms = now, .leeway_ms = t->set.leeway,
		.may_last = !t->set.require_exp,
	};

	return t->kind == TICKET_JWT ?
	    jwt_verify(c, &t->jwks, ticket, &rules) :
	    paseto_verify(c, &t->paseto, ticket, &rules);
}

/* Refuse it.  The name is that of the claims, as far as they were read. */
static enum identified
refuse(struct identity_refusal *why, enum identity_cause cause,
    const struct claims *c, const char *reason)
{
	const char *name = claims_name(c);

	(void)identify_refuse(why, cause, slice_str(name != NULL ? name :
	    ""));
	why->reason = reason;
	return IDENTITY_REFUSED;
}

static enum identified
refuse_verdict(struct identity_refusal *why, enum token_verdict v,
    const struct claims *c)
{
	static const enum identity_cause causes[] = {
		[TOKEN_OK] = IDENTITY_INTERNAL,
		[TOKEN_MALFORMED] = IDENTITY_BAD_TICKET,
		[TOKEN_UNKNOWN_KEY] = IDENTITY_UNKNOWN_KEY,
		[TOKEN_BAD_SIGNATURE] = IDENTITY_WRONG_TICKET,
		[TOKEN_EXPIRED] = IDENTITY_EXPIRED,
		[TOKEN_EARLY] = IDENTITY_FUTURE,
		[TOKEN_OTHER_AUDIENCE] = IDENTITY_FOREIGN,
		[TOKEN_OTHER_ISSUER] = IDENTITY_FOREIGN,
		[TOKEN_NO_EXPIRY] = IDENTITY_BAD_TICKET,
		[TOKEN_NO_MEMORY] = IDENTITY_INTERNAL,
	};

	return refuse(why, causes[v], c, token_verdict_text(v));
}

/* ---- tokens that can be used once ---- */

/* The id of a token is unique among those of its issuer only. */
static void
hash_id(unsigned char *out, const struct claims *c)
{
	const char *iss = c->iss != NULL ? c->iss : "";
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, SEEN_KEY_SIZE);
	(void)crypto_generichash_update(&state, (const unsigned char *)iss,
	    strlen(iss) + 1);
	(void)crypto_generichash_update(&state,
	    (const unsigned char *)c->jti, strlen(c->jti));
	(void)crypto_generichash_final(&state, out, SEEN_KEY_SIZE);
}

/* IDENTITY_KNOWN if the token was not used before, and from now on it is. */
static enum identified
use(struct tokens *t, const struct claims *c, int64_t now,
    struct identity_refusal *why)
{
	unsigned char id[SEEN_KEY_SIZE];

	if (c->jti == NULL)
		return refuse(why, IDENTITY_BAD_TICKET, c,
		    "it has no jti, but can be used once only");
	if (c->exp == CLAIMS_NEVER || c->exp - now > TOKENS_ONCE_LIFE)
		return refuse(why, IDENTITY_BAD_TICKET, c,
		    "it is valid for more than a day, but can be used once "
		    "only");
	hash_id(id, c);
	switch (seen_add(t->seen, slice_of((const char *)id, sizeof(id)),
	    t->b->now)) {
	case SEEN_NEW:
		return IDENTITY_KNOWN;
	case SEEN_BEFORE:
		return refuse(why, IDENTITY_REPLAYED, c, NULL);
	case SEEN_FULL:
		return refuse(why, IDENTITY_BUSY, c, NULL);
	default:
		return refuse(why, IDENTITY_INTERNAL, c, NULL);
	}
}

/* ---- who it is ---- */

/* Make the principal.  Such a name is that of a user of this machine. */
static enum identified
know(struct tokens *t, const struct claims *c, int64_t now,
    const struct principal **out, struct identity_refusal *why)
{
	unsigned who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_TICKET |
	    (t->kind == TICKET_JWT ? WHO_TICKET_JWT : WHO_TICKET_PASETO);
	const char *name = claims_name(c);
	enum identified found;

	if (name == NULL)
		return refuse(why, IDENTITY_BAD_TICKET, c,
		    "it has neither name nor sub");
	if (strncmp(name, PRINCIPAL_LOCAL, strlen(PRINCIPAL_LOCAL)) == 0)
		return refuse(why, IDENTITY_BAD_TICKET, c,
		    "its name is that of a local user");
	if (t->set.once &&
	    (found = use(t, c, now, why)) != IDENTITY_KNOWN)
		return found;
	*out = principal_new(who, name, c->user_id, c->roles);
	return *out != NULL ? IDENTITY_KNOWN :
	    refuse(why, IDENTITY_INTERNAL, c, NULL);
}

enum identified
tokens_begin(void *tokens, const struct visitor *v, struct slice ticket,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	struct tokens *t = tokens;
	int64_t now = t->b->wall();
	enum token_verdict verdict;
	enum identified found;
	struct claims c;

	(void)v;
	verdict = verify(t, &c, ticket, now);
	if (c.exp != CLAIMS_NEVER)
		ask->ends = c.exp + t->set.leeway;
	found = verdict == TOKEN_OK ? know(t, &c, now, out, why) :
	    refuse_verdict(why, verdict, &c);
	claims_clear(&c);
	return found;
}

/* ---- life ---- */

struct tokens *
tokens_new(enum ticket_kind kind, const struct tokens_settings *set,
    struct broker *b, struct errbuf *e)
{
	struct tokens *t = calloc(1, sizeof(*t));
	struct errbuf warning = { "" };

	if (t == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	t->set = *set;
	t->kind = kind;
	t->b = b;
	if (tokens_load(t, &warning, e) == -1) {
		tokens_free(t);
		return NULL;
	}
	if (warning.msg[0] != '\0' && set->warning != NULL)
		*set->warning = warning;
	else if (warning.msg[0] != '\0')
		log_warn("%s", warning.msg);
	return t;
}

void
tokens_start(struct tokens *t, struct seen *seen)
{
	t->seen = seen;
	seen->time = TOKENS_ONCE_LIFE + t->set.leeway;
}

void
tokens_free(struct tokens *t)
{
	if (t == NULL)
		return;
	paseto_keys_clear(&t->paseto);
	jwks_clear(&t->jwks);
	free(t);
}
