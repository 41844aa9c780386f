/*
 * claims.c: the claims of a token.
 */
#include "token/claims.h"

#include <string.h>

#include "base/clock.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "base/when.h"
#include "proto/json.h"

#define SECOND		INT64_C(1000)

/* One reading. */
struct reader {
	struct claims	 *out;
	enum claims_times times;
	struct buf	  scratch;
};

typedef enum token_verdict read_fn(struct reader *r, void *at,
	    const struct json_elem *value);

/* ---- values ---- */

bool
claims_is_text(struct slice text)
{
	return text.len > 0 && text.len <= CLAIMS_TEXT_MAX &&
	    utf8_valid(text) && printable_is(text);
}

/* A text that can be logged, compared and shown. */
static enum token_verdict
read_text(struct reader *r, void *at, const struct json_elem *value)
{
	struct slice text;
	const char *copy;

	if (value->type != JSON_STRING)
		return TOKEN_MALFORMED;
	if (json_string(&text, value, &r->scratch) == -1)
		return TOKEN_NO_MEMORY;
	if (!claims_is_text(text))
		return TOKEN_MALFORMED;
	if ((copy = arena_copy(&r->out->mem, text)) == NULL)
		return TOKEN_NO_MEMORY;
	*(const char **)at = copy;
	return TOKEN_OK;
}

/* A list of texts, or one text. */
static enum token_verdict
read_texts(struct reader *r, void *at, const struct json_elem *value)
{
	enum token_verdict v = TOKEN_OK;
	struct json_elem elem;
	struct slice rest;
	const char **list;
	size_t n = 0;

	if (value->type != JSON_ARRAY && value->type != JSON_STRING)
		return TOKEN_MALFORMED;
	if (value->type == JSON_ARRAY)
		for (rest = json_inside(value->text); json_next(&rest, &elem);)
			n++;
	if (n > CLAIMS_LIST_MAX)
		return TOKEN_MALFORMED;
	if ((list = arena_alloc(&r->out->mem, (n + 2) * sizeof(*list))) ==
	    NULL)
		return TOKEN_NO_MEMORY;
	*(const char ***)at = list;
	if (value->type == JSON_STRING)
		return read_text(r, list, value);
	for (rest = json_inside(value->text); v == TOKEN_OK &&
	    json_next(&rest, &elem); list++)
		v = read_text(r, list, &elem);
	return v;
}

/* Seconds since 1970, perhaps with a fraction, which is cut off. */
static enum token_verdict
read_seconds(int64_t *out, const struct json_elem *value)
{
	const char *point = memchr(value->text.p, '.', value->text.len);
	struct json_elem whole = *value;

	if (value->type != JSON_NUMBER ||
	    memchr(value->text.p, 'e', value->text.len) != NULL ||
	    memchr(value->text.p, 'E', value->text.len) != NULL)
		return TOKEN_MALFORMED;
	if (point != NULL)
		whole.text.len = (size_t)(point - value->text.p);
	if (!json_int(out, &whole) || *out < 0 || *out > WHEN_MAX / SECOND)
		return TOKEN_MALFORMED;
	*out *= SECOND;
	return TOKEN_OK;
}

static enum token_verdict
read_time(struct reader *r, void *at, const struct json_elem *value)
{
	struct slice text;

	if (r->times == CLAIMS_NUMERIC_TIMES)
		return read_seconds(at, value);
	if (value->type != JSON_STRING)
		return TOKEN_MALFORMED;
	if (json_string(&text, value, &r->scratch) == -1)
		return TOKEN_NO_MEMORY;
	return when_parse_iso(at, text) == 0 ? TOKEN_OK : TOKEN_MALFORMED;
}

static enum token_verdict
read_id(struct reader *r, void *at, const struct json_elem *value)
{
	int64_t *id = at;

	(void)r;
	return value->type == JSON_NUMBER && json_int(id, value) &&
	    *id >= 0 ? TOKEN_OK : TOKEN_MALFORMED;
}

/* ---- the object ---- */

#define ROW(field, fn)	{ #field, offsetof(struct claims, field), fn }

static const struct claim {
	const char *name;
	size_t	    at;		/* in struct claims */
	read_fn	   *read;
} known[] = {
	ROW(iss, read_text),
	ROW(aud, read_texts),
	ROW(sub, read_text),
	ROW(name, read_text),
	ROW(user_id, read_id),
	ROW(roles, read_texts),
	ROW(jti, read_text),
	ROW(iat, read_time),
	ROW(nbf, read_time),
	ROW(exp, read_time),
};

#define NKNOWN	(sizeof(known) / sizeof(known[0]))

static enum token_verdict
read_claim(struct reader *r, unsigned *seen, const struct json_elem *key,
    const struct json_elem *value)
{
	struct slice name;
	size_t i;

	if (json_string(&name, key, &r->scratch) == -1)
		return TOKEN_NO_MEMORY;
	for (i = 0; i < NKNOWN; i++)
		if (slice_eq(name, slice_str(known[i].name)))
			break;
	if (i == NKNOWN)
		return TOKEN_OK;
	if ((*seen & 1u << i) != 0)
		return TOKEN_MALFORMED;
	*seen |= 1u << i;
	if (value->type == JSON_NULL)
		return TOKEN_OK;
	return known[i].read(r, (char *)r->out + known[i].at, value);
}

enum token_verdict
claims_read(struct claims *out, struct slice json, enum claims_times times)
{
	struct reader r = { .out = out, .times = times };
	enum token_verdict v = TOKEN_OK;
	struct json_elem whole, key, value;
	struct json_error je;
	struct slice rest;
	unsigned seen = 0;

	*out = (struct claims){ .exp = CLAIMS_NEVER, .nbf = CLAIMS_NEVER,
	    .iat = CLAIMS_NEVER };
	if (json.len > TOKEN_MAX ||
	    json_scan_value(json, CLAIMS_DEPTH, &whole, &je) == -1 ||
	    whole.type != JSON_OBJECT)
		return TOKEN_MALFORMED;
	for (rest = json_inside(whole.text); v == TOKEN_OK &&
	    json_next_member(&rest, &key, &value);)
		v = read_claim(&r, &seen, &key, &value);
	buf_clear(&r.scratch);
	return v;
}

/* ---- the check ---- */

static bool
is_for(const struct claims *c, const char *audience)
{
	size_t i;

	for (i = 0; c->aud != NULL && c->aud[i] != NULL; i++)
		if (strcmp(c->aud[i], audience) == 0)
			return true;
	return false;
}

/* A token that names an audience is for nobody else (RFC 7519 section 4.1.3),
 * and so not for one who has no name. */
enum token_verdict
claims_check(const struct claims *c, const struct token_rules *rules)
{
	int64_t leeway = rules->leeway_ms;

	if (rules->audience != NULL ? !is_for(c, rules->audience) :
	    c->aud != NULL)
		return TOKEN_OTHER_AUDIENCE;
	if (rules->issuer != NULL && (c->iss == NULL ||
	    strcmp(c->iss, rules->issuer) != 0))
		return TOKEN_OTHER_ISSUER;
	if (c->exp == CLAIMS_NEVER && !rules->may_last)
		return TOKEN_NO_EXPIRY;
	if (c->exp != CLAIMS_NEVER && c->exp + leeway <= rules->now_ms)
		return TOKEN_EXPIRED;
	if ((c->nbf != CLAIMS_NEVER && c->nbf - leeway > rules->now_ms) ||
	    (c->iat != CLAIMS_NEVER && c->iat - leeway > rules->now_ms))
		return TOKEN_EARLY;
	return TOKEN_OK;
}

const char *
claims_name(const struct claims *c)
{
	return c->name != NULL ? c->name : c->sub;
}

/* ---- writing ---- */

static int
write_texts(struct buf *out, const char *const *list)
{
	size_t i;
	int rc = buf_add_char(out, '[');

	for (i = 0; list[i] != NULL && rc == 0; i++)
		rc = (i > 0 && buf_add_char(out, ',') == -1) ||
		    json_quote(out, slice_str(list[i])) == -1 ? -1 : 0;
	return rc == 0 ? buf_add_char(out, ']') : -1;
}

static int
write_time(struct buf *out, int64_t ms, enum claims_times times)
{
	char iso[CLOCK_ISO_SIZE];

	if (times == CLAIMS_NUMERIC_TIMES)
		return buf_addf(out, "%lld", (long long)(ms / SECOND));
	return buf_addf(out, "\"%s\"", clock_iso_of(iso, ms));
}

/* One claim.  1 if it is not given, and so nothing was written. */
static int
write_value(struct buf *out, const struct claims *c, const struct claim *row,
    enum claims_times times)
{
	const void *at = (const char *)c + row->at;

	if (row->read == read_text)
		return *(const char *const *)at == NULL ? 1 :
		    json_quote(out, slice_str(*(const char *const *)at));
	/* Readers of PASETO mostly expect one audience, a text. */
	if (row->at == offsetof(struct claims, aud) && c->aud != NULL &&
	    c->aud[0] != NULL && c->aud[1] == NULL)
		return json_quote(out, slice_str(c->aud[0]));
	if (row->read == read_texts)
		return *(const char *const *const *)at == NULL ? 1 :
		    write_texts(out, *(const char *const *const *)at);
	if (row->read == read_time)
		return *(const int64_t *)at == CLAIMS_NEVER ? 1 :
		    write_time(out, *(const int64_t *)at, times);
	return c->user_id == 0 ? 1 :
	    buf_addf(out, "%lld", (long long)c->user_id);
}

int
claims_write(struct buf *out, const struct claims *c,
    enum claims_times times)
{
	bool first = true;
	size_t i, before;
	int rc;

	if (buf_add_char(out, '{') == -1)
		return -1;
	for (i = 0; i < NKNOWN; i++) {
		before = out->len;
		if (buf_addf(out, "%s\"%s\":", first ? "" : ",",
		    known[i].name) == -1)
			return -1;
		if ((rc = write_value(out, c, &known[i], times)) == -1)
			return -1;
		if (rc == 1)
			out->len = before;
		first = first && rc == 1;
	}
	return buf_add_char(out, '}');
}

void
claims_clear(struct claims *c)
{
	arena_clear(&c->mem);
	*c = (struct claims){ .exp = CLAIMS_NEVER, .nbf = CLAIMS_NEVER,
	    .iat = CLAIMS_NEVER };
}
