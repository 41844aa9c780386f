/*
 * pattern_scan.c: a channel pattern is cut into tokens, and checked.
 */
#include "route/pattern_scan.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

/* ---- errors ---- */

void
pattern_error(const struct pattern_scan *c, const char *rule,
    const char *fmt, ...)
{
	const struct pattern_spec *s = c->spec;
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(c->diags, DIAG_ERROR, s->file, s->line, s->column, rule, fmt,
	    ap);
	va_end(ap);
}

void
pattern_report(const struct pattern_scan *c, enum diag_level level,
    const struct pattern_requirement *r, const char *rule,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(c->diags, level, r->file, r->line, r->column, rule, fmt, ap);
	va_end(ap);
}

/* ---- the channel's tokens ---- */

size_t
pattern_word_end(struct slice s, size_t at)
{
	while (at < s.len && (isalnum((unsigned char)s.p[at]) ||
	    s.p[at] == '_'))
		at++;
	return at;
}

/* Of nested braces only the innermost can be a parameter. */
bool
pattern_find_param(struct slice s, size_t *at, struct slice *name)
{
	size_t start, end;

	for (; *at < s.len; ++*at) {
		if (s.p[*at] != '{')
			continue;
		start = *at + 1;
		end = pattern_word_end(s, start);
		if (end == start || end == s.len || s.p[end] != '}')
			continue;
		*name = slice_of(s.p + start, end - start);
		return true;
	}
	return false;
}

static struct slice
slice_from(struct slice s, size_t at)
{
	return slice_of(s.p + at, s.len - at);
}

/* What the name of a regex's group cannot be. */
static void
check_name(const struct pattern_scan *c, struct slice name)
{
	if (isdigit((unsigned char)name.p[0]))
		pattern_error(c, "bad-parameter", "the parameter {%.*s} "
		    "starts with a digit: start it with a letter",
		    (int)name.len, name.p);
	if (name.len > PATTERN_NAME_MAX)
		pattern_error(c, "bad-parameter", "the name of the parameter "
		    "{%.*s} has more than %d characters: shorten it",
		    (int)name.len, name.p, PATTERN_NAME_MAX);
}

const struct pattern_default *
pattern_find_default(const struct pattern_spec *spec, struct slice name)
{
	size_t i;

	for (i = 0; i < spec->n_defaults; i++)
		if (slice_eq(slice_str(spec->defaults[i].name), name))
			return &spec->defaults[i];
	return NULL;
}

static const struct pattern_requirement *
find_requirement(const struct pattern_spec *s, struct slice name)
{
	size_t i;

	for (i = 0; i < s->n_requirements; i++)
		if (slice_eq(slice_str(s->requirements[i].name), name))
			return &s->requirements[i];
	return NULL;
}

static bool
is_param(const struct pattern_scan *c, struct slice name)
{
	size_t i;

	for (i = 0; i < c->n_tokens; i++)
		if (c->tokens[i].name.p != NULL &&
		    slice_eq(c->tokens[i].name, name))
			return true;
	return false;
}

void
pattern_add_text(struct pattern_scan *c, struct slice text)
{
	if (text.len > 0)
		c->tokens[c->n_tokens++] = (struct pattern_token){
		    .text = text };
}

bool
pattern_add_param(struct pattern_scan *c, struct slice separator,
    struct slice name, struct slice after)
{
	if (c->n_params == PATTERN_ATTRS_MAX) {
		pattern_error(c, "too-many-parameters", "the channel has more "
		    "than %d parameters", PATTERN_ATTRS_MAX);
		return false;
	}
	if (is_param(c, name))
		pattern_error(c, "duplicate-parameter", "the parameter {%.*s} "
		    "occurs twice in the channel: rename one",
		    (int)name.len, name.p);
	c->tokens[c->n_tokens++] = (struct pattern_token){
	    .text = separator, .name = name, .after = after,
	    .requirement = find_requirement(c->spec, name) };
	c->n_params++;
	return true;
}

/* The text before a parameter and the parameter; a separator right before it
 * goes with it, so that both can be absent together. */
static bool
scan_param(struct pattern_scan *c, struct slice before, struct slice name,
    struct slice after)
{
	size_t separator = before.len > 0 && before.p[before.len - 1] != '\0' &&
	    strchr(PATTERN_SEPARATORS, before.p[before.len - 1]) != NULL;

	before.len -= separator;
	check_name(c, name);
	pattern_add_text(c, before);
	return pattern_add_param(c, slice_of(before.p + before.len, separator),
	    name, after);
}

static void
scan_channel(struct pattern_scan *c)
{
	struct slice name, s = c->spec->channel;
	size_t at = 0, done = 0;

	while (pattern_find_param(s, &at, &name)) {
		if (!scan_param(c, slice_of(s.p + done, at - done), name,
		    slice_from(s, at + name.len + 2)))
			return;
		done = at += name.len + 2;
	}
	pattern_add_text(c, slice_from(s, done));
}

static void
find_optional(struct pattern_scan *c)
{
	const struct pattern_token *t;

	for (c->optional = c->n_tokens; c->optional > 0; c->optional--) {
		t = &c->tokens[c->optional - 1];
		if (t->name.p == NULL ||
		    pattern_find_default(c->spec, t->name) == NULL)
			return;
	}
}

/* ---- what the original refuses ---- */

static bool
has_non_ascii(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

/* Whether a regex speaks of characters: \X, \p{..}, \x{100}. */
static bool
has_unicode_escape(struct slice s)
{
	size_t i;

	for (i = 0; i + 1 < s.len; i++) {
		const char *p = s.p + i;

		if (*p != '\\')
			continue;
		if (p[1] == 'X' || (i + 2 < s.len && p[2] != '\0' &&
		    (p[1] == 'p' || p[1] == 'P') &&
		    strchr("{CLMNPSZ", p[2]) != NULL))
			return true;
		if (i + 5 < s.len && p[1] == 'x' && p[2] == '{' &&
		    isxdigit((unsigned char)p[3]) &&
		    isxdigit((unsigned char)p[4]) &&
		    isxdigit((unsigned char)p[5]))
			return true;
		i++;		/* what is escaped escapes nothing */
	}
	return false;
}

void
pattern_check_channel(const struct pattern_scan *c)
{
	const struct pattern_spec *s = c->spec;

	if (s->channel.len == 0)
		pattern_error(c, "empty-channel", "the channel is empty: "
		    "write the topics it stands for");
	else if (s->legacy)
		return;		/* bytes, whatever they mean */
	else if (s->utf8 && !utf8_valid(s->channel))
		pattern_error(c, "not-utf8", "the channel is not UTF-8, as "
		    "the option utf8 says");
	else if (!s->utf8 && has_non_ascii(s->channel))
		pattern_error(c, "needs-utf8", "the channel has characters "
		    "beyond ASCII: add \"options: {utf8: true}\"");
}

struct slice
pattern_strip_start(struct slice regex)
{
	if (slice_starts(regex, SLICE("^")))
		return slice_from(regex, 1);
	if (slice_starts(regex, SLICE("\\A")))
		return slice_from(regex, 2);
	return regex;
}

/* The original strips the end of "\$" too, and leaves half an escape. */
static struct slice
strip_end(struct slice regex)
{
	size_t slashes = 0;
	char last;

	if (regex.len == 0)
		return regex;
	last = regex.p[regex.len - 1];
	while (slashes + 1 < regex.len &&
	    regex.p[regex.len - 2 - slashes] == '\\')
		slashes++;
	if (last == '$' && slashes % 2 == 0)
		regex.len--;
	else if (last == 'z' && slashes % 2 == 1)
		regex.len -= 2;
	return regex;
}

struct slice
pattern_strip(struct slice regex)
{
	return strip_end(pattern_strip_start(regex));
}

static void
check_encoding(const struct pattern_scan *c,
    const struct pattern_requirement *r)
{
	if (c->spec->utf8 && !utf8_valid(r->regex))
		pattern_report(c, DIAG_ERROR, r, "not-utf8",
		    "the requirement of \"%s\" is not UTF-8, as the option "
		    "utf8 says", r->name);
	if (!c->spec->utf8 && (has_non_ascii(r->regex) ||
	    has_unicode_escape(r->regex)))
		pattern_report(c, DIAG_ERROR, r, "needs-utf8",
		    "the requirement of \"%s\" contains characters beyond "
		    "ASCII: add \"options: {utf8: true}\"", r->name);
}

void
pattern_check_used(const struct pattern_scan *c,
    const struct pattern_requirement *r)
{
	if (!is_param(c, slice_str(r->name)))
		pattern_report(c, DIAG_WARNING, r, "unused-requirement",
		    "the channel has no parameter {%s}: add it, or remove "
		    "the requirement", r->name);
}

static void
check_requirements(const struct pattern_scan *c)
{
	const struct pattern_requirement *r = c->spec->requirements;
	size_t i;

	for (i = 0; i < c->spec->n_requirements; i++, r++) {
		if (is_param(c, slice_str(r->name)))
			check_encoding(c, r);
		else
			pattern_check_used(c, r);
	}
}

int
pattern_scan(struct pattern_scan *c, const struct pattern_spec *spec,
    struct diags *d)
{
	size_t before = d->errors;

	*c = (struct pattern_scan){ .spec = spec, .diags = d };
	pattern_check_channel(c);
	scan_channel(c);
	if (d->errors != before)
		return -1;
	check_requirements(c);
	find_optional(c);
	return d->errors == before ? 0 : -1;
}
