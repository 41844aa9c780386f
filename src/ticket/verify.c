/*
 * verify.c: checking a ticket.
 */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "ticket/ticket.h"
#include "token/jwt.h"
#include "token/oro_sodium.h"
#include "token/paseto_keys.h"

#define ORO_TTL		300	/* seconds, as in Oro */
#define ORO_TOLERANCE	30

static enum exit_status
refuse(enum token_verdict v, struct errbuf *e)
{
	err_set(e, "the ticket is not valid: %s", token_verdict_text(v));
	return EXIT_REFUSED;
}

/* ---- tokens ---- */

static enum token_verdict
open_token(struct ticket *t, struct buf *claims, enum claims_times *times)
{
	struct slice text = buf_slice(&t->text);

	if (ticket_kind_of(text) == TICKET_JWT) {
		*times = CLAIMS_NUMERIC_TIMES;
		return jwt_open(&t->jwks, text, claims);
	}
	*times = CLAIMS_TEXT_TIMES;
	return paseto_keys_open(&t->paseto, text, claims, NULL);
}

static enum exit_status
verify_token(struct ticket *t, struct errbuf *e)
{
	const struct token_rules rules = {
		.audience = t->audience, .issuer = t->issuer,
		.now_ms = clock_wall_ms(),
		.leeway_ms = t->leeway_ms >= 0 ? t->leeway_ms : 0,
		.may_last = t->forever,
	};
	struct buf json = { 0 };
	struct claims c = { .sub = NULL };
	enum claims_times times;
	enum token_verdict v;
	enum exit_status status;

	if (t->paseto.n + t->jwks.n == 0) {
		err_set(e, "verify needs --key-file for this ticket");
		return EXIT_USAGE;
	}
	v = open_token(t, &json, &times);
	if (v == TOKEN_OK)
		v = claims_read(&c, buf_slice(&json), times);
	if (v == TOKEN_OK)
		v = claims_check(&c, &rules);
	status = v == TOKEN_OK ?
	    ticket_describe(t, buf_slice(&json), true, e) : refuse(v, e);
	claims_clear(&c);
	buf_clear(&json);
	return status;
}

/* ---- Oro ---- */

/* Whether the ticket has the digest that the secrets give. */
static enum token_verdict
check_digest(struct ticket *t, const struct oro_ticket *o)
{
	char digest[ORO_DIGEST_SIZE];

	if (oro_digest(digest, o->nonce, o->created, secret_slice(
	    o->user.len > 0 ? &t->hash : &t->oro), secret_slice(&t->oro),
	    &oro_hash_sodium) == -1)
		return TOKEN_MALFORMED;
	return sodium_memcmp(digest, o->digest.p, sizeof(digest)) == 0 ?
	    TOKEN_OK : TOKEN_BAD_SIGNATURE;
}

static enum exit_status
verify_oro(struct ticket *t, struct errbuf *e)
{
	struct buf mem = { 0 };
	struct oro_ticket o;
	const char *why = "";
	enum token_verdict v;
	enum exit_status status = EXIT_USAGE;

	v = oro_ticket_read(&o, buf_slice(&t->text), &mem, &why);
	if (v != TOKEN_OK) {
		err_set(e, "the ticket is not valid: %s", why);
		status = EXIT_REFUSED;
	} else if (t->oro.len == 0) {
		err_set(e, "verify needs --secret-file for a ticket of Oro");
	} else if (o.user.len > 0 && t->hash.len == 0) {
		err_set(e, "verify needs --hash-file: it is the ticket of a "
		    "user");
	} else if ((v = oro_ticket_check(&o, clock_wall_ms() / 1000, ORO_TTL,
	    ORO_TOLERANCE)) != TOKEN_OK || (v = check_digest(t, &o)) !=
	    TOKEN_OK) {
		status = refuse(v, e);
	} else {
		status = ticket_describe(t, slice_of("", 0), true, e);
	}
	buf_clear(&mem);
	return status;
}

enum exit_status
ticket_verify(struct ticket *t, struct errbuf *e)
{
	enum exit_status status = ticket_read_keys(t, e);

	if (status != EXIT_DONE)
		return status;
	return ticket_kind_of(buf_slice(&t->text)) == TICKET_ORO ?
	    verify_oro(t, e) : verify_token(t, e);
}
