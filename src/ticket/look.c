/*
 * look.c: what a ticket says.
 */
#include <string.h>

#include "proto/json.h"
#include "ticket/ticket.h"
#include "token/jwt.h"
#include "token/oro_ticket.h"
#include "token/paseto.h"

enum ticket_kind
ticket_kind_of(struct slice text)
{
	if (paseto_is(text))
		return TICKET_PASETO;
	return jwt_is(text) ? TICKET_JWT : TICKET_ORO;
}

static int
add_member(struct buf *out, const char *name, struct slice text)
{
	return buf_addf(out, ",\"%s\":", name) == 0 ?
	    json_quote(out, text) : -1;
}

/* A JSON text as it is, anything else as a string; nothing is null. */
static int
add_json(struct buf *out, const char *name, struct slice text)
{
	struct json_elem elem;
	struct json_error je;

	if (buf_addf(out, ",\"%s\":", name) == -1)
		return -1;
	if (text.len == 0)
		return buf_add_str(out, "null");
	return json_scan_value(text, CLAIMS_DEPTH, &elem, &je) == 0 ?
	    buf_add_slice(out, elem.text) : json_quote(out, text);
}

/* ---- kinds ---- */

/* Each appends members to t->out.  0, or -1 with *why. */
static int
describe_paseto(struct ticket *t, struct slice claims, const char **why)
{
	struct paseto p = { .local = false };
	int rc = -1;

	if (paseto_split(&p, buf_slice(&t->text)) == TOKEN_OK) {
		*why = "out of memory";
		if (claims.len == 0)
			claims = paseto_unchecked(&p);
		rc = add_member(&t->out, "kind", SLICE("paseto")) == 0 &&
		    add_member(&t->out, "purpose", p.local ? SLICE("local") :
		    SLICE("public")) == 0 &&
		    add_json(&t->out, "claims", claims) == 0 &&
		    add_json(&t->out, "footer", buf_slice(&p.footer)) == 0 ?
		    0 : -1;
	}
	paseto_clear(&p);
	return rc;
}

static int
describe_jwt(struct ticket *t, struct slice claims, const char **why)
{
	struct buf head = { 0 }, payload = { 0 };
	int rc = -1;

	(void)claims;
	if (jwt_unchecked(&head, &payload, buf_slice(&t->text)) == TOKEN_OK) {
		*why = "out of memory";
		rc = add_member(&t->out, "kind", SLICE("jwt")) == 0 &&
		    add_json(&t->out, "claims", buf_slice(&payload)) == 0 &&
		    add_json(&t->out, "header", buf_slice(&head)) == 0 ? 0 :
		    -1;
	}
	buf_clear(&head);
	buf_clear(&payload);
	return rc;
}

static int
describe_oro(struct ticket *t, struct slice claims, const char **why)
{
	struct buf mem = { 0 };
	struct oro_ticket o;
	int rc = -1;

	(void)claims;
	if (oro_ticket_read(&o, buf_slice(&t->text), &mem, why) ==
	    TOKEN_OK) {
		*why = "out of memory";
		rc = add_member(&t->out, "kind", SLICE("oro")) == 0 &&
		    (o.user.len > 0 ? add_member(&t->out, "user", o.user) :
		    buf_add_str(&t->out, ",\"user\":null")) == 0 &&
		    add_member(&t->out, "nonce", o.nonce) == 0 &&
		    add_member(&t->out, "created", o.created) == 0 ? 0 : -1;
	}
	buf_clear(&mem);
	return rc;
}

static const struct {
	int  (*describe)(struct ticket *t, struct slice claims,
		    const char **why);
} kinds[] = {
	[TICKET_PASETO] = { describe_paseto },
	[TICKET_JWT] = { describe_jwt },
	[TICKET_ORO] = { describe_oro },
};

enum exit_status
ticket_describe(struct ticket *t, struct slice claims, bool verified,
    struct errbuf *e)
{
	const char *why = "it is malformed";
	enum ticket_kind kind = ticket_kind_of(buf_slice(&t->text));

	if (buf_addf(&t->out, "{\"verified\":%s", verified ? "true" :
	    "false") == 0 && kinds[kind].describe(t, claims, &why) == 0) {
		if (buf_add_str(&t->out, "}\n") == 0)
			return tool_print_text(&t->out, e);
		why = "out of memory";
	}
	buf_reset(&t->out);
	err_set(e, "the ticket cannot be shown: %s", why);
	return EXIT_WORK;
}

enum exit_status
ticket_show(struct ticket *t, struct errbuf *e)
{
	enum exit_status status = ticket_describe(t, slice_of("", 0), false,
	    e);

	if (status == EXIT_DONE)
		tool_say(&t->tool, "nothing was checked: anybody may have "
		    "made this ticket");
	return status;
}
