/*
 * pattern_legacy.c: patterns by the rules of PHP's PubSubRouter 0.3.
 */
#include "route/pattern_legacy.h"

#include <string.h>

#include "base/buf.h"
#include "route/regex.h"

#define LEGACY_SEPARATOR	'/'

/* ---- the channel ---- */

/* The length of the part of a channel or topic that starts at `at`. */
static size_t
part_length(struct slice s, size_t at)
{
	const char *end = at < s.len ? memchr(s.p + at, LEGACY_SEPARATOR,
	    s.len - at) : NULL;

	return (end != NULL ? (size_t)(end - s.p) : s.len) - at;
}

/* A channel without any separator is compared as it stands, braces and all. */
static void
scan_parts(struct pattern_scan *c)
{
	struct slice s = c->spec->channel;
	size_t at, len, done = 0;

	for (at = 0; at <= s.len && part_length(s, 0) < s.len; at += len + 1) {
		len = part_length(s, at);
		if (len < 2 || s.p[at] != '{' || s.p[at + len - 1] != '}')
			continue;
		if (at > 0)
			pattern_add_text(c, slice_of(s.p + done,
			    at - 1 - done));
		if (!pattern_add_param(c, slice_of(s.p + at - (at > 0),
		    at > 0), slice_of(s.p + at + 1, len - 2), slice_of(NULL,
		    0)))
			return;
		done = at + len;
	}
	pattern_add_text(c, slice_of(s.p + done, s.len - done));
}

int
pattern_legacy_scan(struct pattern_scan *c, const struct pattern_spec *spec,
    struct diags *d)
{
	size_t i, before = d->errors;

	*c = (struct pattern_scan){ .spec = spec, .diags = d };
	pattern_check_channel(c);
	scan_parts(c);
	c->optional = c->n_tokens;
	for (i = 0; i < spec->n_requirements; i++)
		pattern_check_used(c, &spec->requirements[i]);
	return d->errors == before ? 0 : -1;
}

/* ---- requirements ---- */

/* The original's "#^pattern#i": the ^ is the first alternative's only. */
static int
compile_check(struct pattern_token *t, const struct pattern_scan *c)
{
	const struct pattern_requirement *r = t->requirement;
	struct buf text = { 0 };
	struct regex_error e;
	int rc = -1;

	if (buf_add_char(&text, '^') == 0 &&
	    buf_add_slice(&text, r->regex) == 0) {
		t->check = regex_new(buf_slice(&text),
		    REGEX_CASELESS | REGEX_PLAIN, &e);
		if (t->check != NULL)
			rc = 0;
		else
			pattern_report(c, DIAG_ERROR, r, "invalid-regex",
			    "the requirement of \"%s\" is not a regular "
			    "expression: %s at offset %zu of %.*s", r->name,
			    e.text, e.offset > 0 ? e.offset - 1 : 0,
			    (int)r->regex.len, r->regex.p);
	}
	buf_clear(&text);
	return rc;
}

int
pattern_legacy_compile(struct pattern *p, const struct pattern_scan *c)
{
	struct pattern_token *t;
	int rc = 0;

	for (t = p->tokens; t < p->tokens + p->n_tokens; t++)
		if (t->requirement != NULL && t->requirement->regex.p != NULL &&
		    compile_check(t, c) == -1)
			rc = -1;
	return rc;
}

int
pattern_legacy_slots(struct pattern *p, struct arena *mem)
{
	struct pattern_slot *slot;
	size_t i;

	for (i = 0; i < p->n_tokens; i++) {
		if (p->tokens[i].name.p == NULL)
			continue;
		slot = &p->slots[p->n_slots++];
		slot->group = i + 1;
		slot->name = arena_copy(mem, p->tokens[i].name);
		if (slot->name == NULL)
			return -1;
	}
	return 0;
}

/* ---- matching ---- */

struct slice
pattern_legacy_part(struct slice text)
{
	return slice_of(text.p, part_length(text, 0));
}

bool
pattern_legacy_accepts(const struct pattern_token *t, struct slice value,
    struct regex_scratch *scratch)
{
	if (t->requirement != NULL && t->requirement->wildcard &&
	    (slice_eq(value, SLICE("*")) || slice_eq(value, SLICE("all"))))
		return true;
	return t->check == NULL || regex_match(t->check, value, scratch);
}

bool
pattern_legacy_match(const struct pattern *p, struct slice topic,
    struct regex_scratch *scratch)
{
	const struct pattern_token *t = p->tokens;
	struct slice rest = topic, value;

	for (; t < p->tokens + p->n_tokens; t++) {
		if (!slice_starts(rest, t->text))
			return false;
		rest = slice_of(rest.p + t->text.len, rest.len - t->text.len);
		if (t->name.p == NULL)
			continue;
		value = pattern_legacy_part(rest);
		if (!pattern_legacy_accepts(t, value, scratch))
			return false;
		rest = slice_of(rest.p + value.len, rest.len - value.len);
	}
	return rest.len == 0;
}

struct slice
pattern_legacy_value(const struct pattern *p, struct slice topic, size_t token)
{
	size_t i, at = 0;

	for (i = 0; i < token; i++) {
		at += p->tokens[i].text.len;
		if (p->tokens[i].name.p != NULL)
			at += part_length(topic, at);
	}
	at += p->tokens[token].text.len;
	return slice_of(topic.p + at, part_length(topic, at));
}
