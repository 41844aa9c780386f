/*
 * issue.c: the procedure wampd.ticket.issue.
 */
#include "wampd/auth/issue.h"

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/num.h"
#include "base/when.h"
#include "proto/json.h"
#include "token/base64url.h"
#include "wampd/auth/issue_oro.h"
#include "wampd/auth/users.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/procedure.h"

#define LIFE_MS		300000	/* as long as Oro's */

/* What a call asks for. */
struct wish {
	struct arena mem;
	const char *user, *aud, *kind;	/* NULL: not given */
	const char **roles;		/* NULL-terminated; or NULL */
	int64_t	    user_id;
	int64_t	    life;		/* ms */
	unsigned    seen;		/* members, as bits */
};

typedef int read_fn(struct wish *w, void *at, const struct json_elem *value,
	    struct call *c);

/* ---- arguments ---- */

static int
read_text(struct wish *w, void *at, const struct json_elem *value,
    struct call *c)
{
	struct buf scratch = { 0 };
	struct slice text = { "", 0 };
	const char *copy = NULL;

	if (value->type == JSON_STRING &&
	    json_string(&text, value, &scratch) == 0 && claims_is_text(text))
		copy = arena_copy(&w->mem, text);
	buf_clear(&scratch);
	*(const char **)at = copy;
	return copy != NULL ? 0 : call_bad_argument(c,
	    "user, aud, kind and each role must be strings of 1 to 255 bytes "
	    "without control characters");
}

static int
read_roles(struct wish *w, void *at, const struct json_elem *value,
    struct call *c)
{
	struct json_elem elem;
	struct slice rest;
	const char **list;
	size_t n = 0;

	(void)at;
	if (value->type != JSON_ARRAY)
		return call_bad_argument(c, "roles must be a list of strings");
	for (rest = json_inside(value->text); json_next(&rest, &elem);)
		n++;
	if (n > CLAIMS_LIST_MAX)
		return call_bad_argument(c, "there are too many roles");
	if ((list = arena_alloc(&w->mem, (n + 1) * sizeof(*list))) == NULL)
		return call_out_of_memory(c);
	w->roles = list;
	for (rest = json_inside(value->text); json_next(&rest, &elem);)
		if (read_text(w, list++, &elem, c) == -1)
			return -1;
	return 0;
}

static int
read_user_id(struct wish *w, void *at, const struct json_elem *value,
    struct call *c)
{
	(void)at;
	if (value->type == JSON_NUMBER && json_int(&w->user_id, value) &&
	    w->user_id > 0)
		return 0;
	return call_bad_argument(c, "user_id must be a whole number above 0");
}

/* Seconds, or a text such as "5m". */
static int
read_life(struct wish *w, void *at, const struct json_elem *value,
    struct call *c)
{
	struct slice text = value->text;
	struct buf copy = { 0 };
	struct errbuf e;
	int rc = -1;

	(void)at;
	if (value->type == JSON_STRING)
		text = slice_of(text.p + 1, text.len - 2);
	if ((value->type == JSON_STRING || value->type == JSON_NUMBER) &&
	    buf_add_slice(&copy, text) == 0 && buf_cstr(&copy) != NULL)
		rc = num_duration(&w->life, copy.data, &e);
	buf_clear(&copy);
	return rc == 0 && w->life > 0 ? 0 : call_bad_argument(c,
	    "for must be a duration: seconds, or a text such as \"5m\"");
}

static const struct member {
	const char *name;
	size_t	    at;		/* in struct wish */
	read_fn	   *read;
} members[] = {
	{ "user", offsetof(struct wish, user), read_text },
	{ "user_id", 0, read_user_id },
	{ "roles", 0, read_roles },
	{ "for", 0, read_life },
	{ "aud", offsetof(struct wish, aud), read_text },
	{ "kind", offsetof(struct wish, kind), read_text },
};

#define NMEMBERS	(sizeof(members) / sizeof(members[0]))

static int
read_member(struct wish *w, const struct json_elem *key,
    const struct json_elem *value, struct call *c)
{
	struct slice name = slice_of(key->text.p + 1, key->text.len - 2);
	size_t i;

	for (i = 0; i < NMEMBERS; i++)
		if (slice_eq(name, slice_str(members[i].name)))
			break;
	if (i == NMEMBERS || (w->seen & 1u << i) != 0)
		return call_bad_argument(c, "the members are user, user_id, "
		    "roles, for, aud and kind, each at most once");
	w->seen |= 1u << i;
	return members[i].read(w, (char *)w + members[i].at, value, c);
}

static int
read_wish(struct wish *w, struct call *c)
{
	struct json_elem key, value;
	struct slice rest;

	w->life = LIFE_MS;
	if (!call_options(c, &rest) || (!c->args.named && c->nargs == 0))
		return call_bad_argument(c,
		    "arguments: an object with the member user");
	while (json_next_member(&rest, &key, &value))
		if (read_member(w, &key, &value, c) == -1)
			return -1;
	return 0;
}

/* ---- PASETO ---- */

static int
failed(struct call *c, const char *why)
{
	c->failure.kind = FAILURE_FORBIDDEN;
	err_set(&c->failure.reason, "%s", why);
	return -1;
}

/* Append the ticket as a JSON string: it needs no escapes. */
static int
write_ticket(struct call *c, const struct paseto_key *key,
    const struct claims *claims)
{
	return buf_add_char(c->out, '"') == 0 &&
	    paseto_issue(c->out, key, claims) == 0 &&
	    buf_add_char(c->out, '"') == 0 ? 0 : call_out_of_memory(c);
}

static int
issue_paseto(const struct issuer *i, const struct wish *w, struct call *c)
{
	const struct paseto_key *key = paseto_keys_maker(&i->keys);
	const char *audiences[] = { w->aud != NULL ? w->aud : i->set.audience,
	    NULL };
	char id[BASE64URL_ID_SIZE];
	int64_t now = c->broker->wall();
	const struct claims claims = {
		.name = w->user, .user_id = w->user_id,
		.roles = (const char *const *)w->roles, .jti = id,
		.iss = i->set.issuer,
		.aud = audiences[0] != NULL ? audiences : NULL,
		.iat = now, .exp = now + w->life, .nbf = CLAIMS_NEVER,
	};

	if (key == NULL)
		return failed(c, "tickets.paseto.issue_key is not set, so no "
		    "PASETO can be made");
	if (w->user == NULL)
		return call_bad_argument(c, "user is missing");
	if (!user_name_valid(slice_str(w->user)))
		return call_bad_argument(c, "user must not begin with "
		    "\"local:\", as those of the control socket do");
	if (claims.exp > WHEN_MAX)
		return call_bad_argument(c, "for is too long");
	base64url_make_id(id);
	return write_ticket(c, key, &claims);
}

/* ---- the procedure ---- */

static int
issue_oro(const struct issuer *i, const struct wish *w, struct call *c)
{
	if (w->aud != NULL || w->roles != NULL || w->user_id != 0 ||
	    w->life != LIFE_MS)
		return call_bad_argument(c, "a ticket of Oro has a user only: "
		    "the broker knows the rest");
	if (i->oro == NULL)
		return failed(c, "tickets.oro.secret_file is not set, so no "
		    "ticket of Oro can be made");
	return issue_oro_begin(i->oro, w->user, c);
}

/* wampd.ticket.issue {"user": name, ...}: the result is the ticket. */
static int
run_issue(struct call *c)
{
	const struct issuer *const *now = c->ctx, *i = *now;
	struct wish w = { .user = NULL };
	int rc = read_wish(&w, c);

	if (rc == 0 && (w.kind == NULL || strcmp(w.kind, "paseto") == 0))
		rc = issue_paseto(i, &w, c);
	else if (rc == 0 && strcmp(w.kind, "oro") == 0)
		rc = issue_oro(i, &w, c);
	else if (rc == 0)
		rc = call_bad_argument(c, "kind must be \"paseto\" or "
		    "\"oro\"");
	arena_clear(&w.mem);
	return rc;
}

static const struct procedure rows[] = {
	{ "wampd.ticket.issue", "options", PROCEDURE_WRITE,
	  "make a ticket for a user", run_issue },
	{ .name = NULL }
};

/* ---- life ---- */

static int
load_key(struct paseto_keys *keys, const struct issuer_settings *set,
    struct errbuf *warning, struct errbuf *e)
{
	if (set->key == NULL)
		return 0;
	if (paseto_keys_load(keys, set->key, warning, e) == 0) {
		if (paseto_keys_maker(keys) != NULL)
			return 0;
		err_set(e, "%s: no key in it makes tickets: it takes one that "
		    "begins with k4.secret. or k4.local.", set->key);
	}
	err_wrap(e, "tickets.paseto.issue_key");
	return -1;
}

int
issuer_check(const struct issuer_settings *set, struct errbuf *warning,
    struct errbuf *e)
{
	struct paseto_keys keys = { .v = NULL };
	int rc = load_key(&keys, set, warning, e);

	paseto_keys_clear(&keys);
	return rc;
}

int
issuer_read(struct issuer *i, const struct issuer_settings *set,
    struct oro *oro, struct errbuf *e)
{
	struct errbuf warning = { "" };

	*i = (struct issuer){ .set = *set, .oro = oro };
	if (load_key(&i->keys, set, &warning, e) == -1)
		return -1;
	if (warning.msg[0] != '\0' && set->warning != NULL)
		*set->warning = warning;
	else if (warning.msg[0] != '\0')
		log_warn("%s", warning.msg);
	return 0;
}

int
issuer_add(const struct issuer *const *i, struct broker *b, struct errbuf *e)
{
	if (procedures_add(&b->procedures, rows, (void *)(uintptr_t)i) == 0)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

void
issuer_clear(struct issuer *i)
{
	paseto_keys_clear(&i->keys);
}
