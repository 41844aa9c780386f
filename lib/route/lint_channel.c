/*
 * lint_channel.c: what is hardly meant in a channel, a handler's name or in how
 * a requirement is written.
 *
 * All of it is taken as it stands, and nothing that anybody publishes matches.
 */
#include "route/lint_channel.h"

#include <ctype.h>
#include <string.h>

#include "route/pattern_scan.h"

static void warn(const struct pattern *p, struct diags *d, const char *rule,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void
warn(const struct pattern *p, struct diags *d, const char *rule,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(d, DIAG_WARNING, p->spec.file, p->spec.line, p->spec.column,
	    rule, fmt, ap);
	va_end(ap);
}

/* ---- parameters that are none ---- */

/* The next "{...}" without braces inside that is no parameter. */
static bool
find_literal(struct slice s, size_t *at, struct slice *out)
{
	size_t i, param;
	struct slice name;

	for (i = *at; i < s.len; i++) {
		if (s.p[i] == '{')
			*at = i;
		if (s.p[i] != '}' || *at >= i || s.p[*at] != '{')
			continue;
		*out = slice_of(s.p + *at, i + 1 - *at);
		param = 0;
		if (out->len > 2 && !pattern_find_param(*out, &param, &name))
			return true;
		*at = i + 1;
	}
	return false;
}

static void
lint_braces(const struct pattern *p, struct diags *d)
{
	struct slice s = p->spec.channel, literal;
	size_t at = 0;

	for (; find_literal(s, &at, &literal); at += literal.len)
		warn(p, d, "literal-braces", "\"%.*s\" is not a parameter and "
		    "matches only itself: use only letters, digits and "
		    "underscores in its name", (int)literal.len, literal.p);
}

/* ":room" as other routers have it: a part of its own. */
static bool
is_colon_name(struct slice part)
{
	return part.len > 1 && part.p[0] == ':' &&
	    isalpha((unsigned char)part.p[1]) &&
	    pattern_word_end(part, 1) == part.len;
}

/* ---- wildcards that are none ---- */

/* The part of the channel that starts at `at`, up to the next slash. */
static struct slice
part_at(struct slice s, size_t at)
{
	const char *end = memchr(s.p + at, '/', s.len - at);

	return slice_of(s.p + at, (end != NULL ? (size_t)(end - s.p) : s.len) -
	    at);
}

/* "*" anywhere in a part, "#" and "+" alone. */
static bool
is_wildcard(struct slice part)
{
	return (part.len > 0 && memchr(part.p, '*', part.len) != NULL &&
	    memchr(part.p, '{', part.len) == NULL) ||
	    slice_eq(part, SLICE("#")) || slice_eq(part, SLICE("+"));
}

static void
lint_parts(const struct pattern *p, struct diags *d)
{
	struct slice s = p->spec.channel, part;
	size_t at;

	for (at = 0; at <= s.len; at += part.len + 1) {
		part = part_at(s, at);
		if (is_wildcard(part))
			warn(p, d, "literal-wildcard", "\"%.*s\" matches only "
			    "itself: write a parameter {name} to match any "
			    "text", (int)part.len, part.p);
		else if (is_colon_name(part))
			warn(p, d, "literal-braces", "\"%.*s\" is not a "
			    "parameter and matches only itself: write {%.*s}",
			    (int)part.len, part.p, (int)part.len - 1,
			    part.p + 1);
	}
}

/* ---- Symfony's parameters ---- */

bool
lint_find_parameter(struct slice text, size_t *at, struct slice *parameter)
{
	const char *end;
	size_t i;

	for (i = *at; i + 2 < text.len; i++) {
		if (text.p[i] != '%')
			continue;
		end = memchr(text.p + i + 1, '%', text.len - i - 1);
		if (end == NULL)
			return false;
		*parameter = slice_of(text.p + i, (size_t)(end - text.p) + 1 -
		    i);
		*at = i;
		i++;
		while (text.p + i < end && (isalnum((unsigned char)text.p[i]) ||
		    strchr("_.-():", text.p[i]) != NULL))
			i++;
		if (text.p + i == end && parameter->len > 2)
			return true;
		i = (size_t)(end - text.p) - 1;
	}
	return false;
}

static void
lint_parameters(const struct route *route, const struct pattern *p,
    struct diags *d)
{
	struct slice found;
	size_t at = 0;

	if (lint_find_parameter(p->spec.channel, &at, &found))
		warn(p, d, "container-parameter", "only Symfony knows the "
		    "value of %.*s, which is a part of the topics here: write "
		    "the value", (int)found.len, found.p);
	at = 0;
	if (lint_find_parameter(slice_str(route->handler), &at, &found))
		diag_add(d, DIAG_WARNING, route->file, route->line,
		    route->column, "container-parameter", "only Symfony knows "
		    "the value of %.*s, which is a part of the handler's name "
		    "here: write the value", (int)found.len,
		    found.p);
}

void
lint_channel(const struct route *route, const struct pattern *p,
    struct diags *d)
{
	/* In version 0.3 a parameter's name may be anything. */
	if (!p->spec.legacy)
		lint_braces(p, d);
	lint_parts(p, d);
	lint_parameters(route, p, d);
}

/* ---- delimiters ---- */

/* The expression between two of the same delimiters, as PHP's preg_match()
 * takes them, and the letters behind them that modify it. */
static bool
find_delimited(struct slice regex, struct slice *inner, bool *caseless)
{
	size_t i, end = regex.len;
	char c = regex.len > 2 ? regex.p[0] : '\0';

	if (c == '\0' || strchr("/#~%!@", c) == NULL)
		return false;
	while (end > 2 && strchr("imsxuADUXJn", regex.p[end - 1]) != NULL)
		end--;
	if (end < 3 || regex.p[end - 1] != c)
		return false;
	*inner = slice_of(regex.p + 1, end - 2);
	*caseless = memchr(regex.p + end, 'i', regex.len - end) != NULL;
	for (i = 0; i < inner->len; i++)
		if (inner->p[i] == '\\')
			i++;
		else if (inner->p[i] == c)
			return false;
	return true;
}

void
lint_delimiters(const struct pattern_requirement *r, struct diags *d)
{
	struct slice inner, parameter;
	bool caseless;
	size_t at = 0;

	if (!find_delimited(r->regex, &inner, &caseless))
		return;
	if (lint_find_parameter(r->regex, &at, &parameter) && at == 0)
		diag_add(d, DIAG_WARNING, r->file, r->line, r->column,
		    "container-parameter", "only Symfony knows the value of "
		    "%.*s, which is a regular expression here: write the "
		    "value", (int)r->regex.len, r->regex.p);
	else
		diag_add(d, DIAG_WARNING, r->file, r->line, r->column,
		    "delimiters", "the delimiters of \"%.*s\" are a part of "
		    "the expression here: write %s%.*s", (int)r->regex.len,
		    r->regex.p, caseless ? "(?i)" : "", (int)inner.len,
		    inner.p);
}
