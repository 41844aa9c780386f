/*
 * pattern.c: a channel pattern becomes a regular expression.
 *
 * The channel is first cut into tokens (pattern_scan.c), the expression is
 * written from these: the two steps of the original, so that odd patterns come
 * out the same.
 */
#include "route/pattern.h"

#include <string.h>

#include "base/buf.h"
#include "route/pattern_scan.h"
#include "route/regex.h"

_Static_assert(PATTERN_ATTRS_MAX <= REGEX_GROUPS_MAX, "a group an attribute");

/* ---- writing the expression ---- */

static int
write_char(struct buf *out, char ch)
{
	if (ch != '\0' && strchr(".\\+*?[^]$(){}=!<>|:-#", ch) != NULL &&
	    buf_add_char(out, '\\') == -1)
		return -1;
	return buf_add_char(out, ch);
}

static int
write_quoted(struct buf *out, struct slice s)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < s.len && rc == 0; i++)
		rc = write_char(out, s.p[i]);
	return rc;
}

/* The separator that is the next static character behind a parameter, other
 * parameters left out; '\0' when it is none. */
static char
next_separator(struct slice after)
{
	struct slice name;
	size_t at = 0, start = 0;

	while (pattern_find_param(after, &at, &name) && at == start)
		start = at += name.len + 2;
	if (start == after.len || after.p[start] == '\0' ||
	    strchr(PATTERN_SEPARATORS, after.p[start]) == NULL)
		return '\0';
	return after.p[start];
}

/*
 * A parameter without requirement takes anything but '/' and the separator
 * that follows it.  Where one of the two must follow, giving back what was
 * taken cannot help: "++" spares the attempt.
 */
static int
write_default(struct buf *out, struct slice after)
{
	char separator = next_separator(after);
	struct slice name;
	size_t at = 0;
	bool adjacent = pattern_find_param(after, &at, &name) && at == 0;

	if (buf_add_str(out, "[^/") == -1)
		return -1;
	if (separator != '\0' && separator != '/' &&
	    write_char(out, separator) == -1)
		return -1;
	if (after.len == 0 || (separator != '\0' && !adjacent))
		return buf_add_str(out, "]++");
	return buf_add_str(out, "]+");
}

/* Anchors are stripped after the wildcard is added, as the original does. */
static int
write_requirement(struct buf *out, const struct pattern_requirement *r)
{
	struct slice s = pattern_strip_start(r->regex);

	if (!r->wildcard)
		return buf_add_slice(out, pattern_strip_end(s));
	if (buf_add_slice(out, s) == -1)
		return -1;
	return buf_add_str(out, "|\\*");
}

static int
write_param(struct buf *out, const struct pattern_token *t)
{
	if (write_quoted(out, t->text) == -1 ||
	    buf_add_str(out, "(?P<") == -1 ||
	    buf_add_slice(out, t->name) == -1 ||
	    buf_add_char(out, '>') == -1)
		return -1;
	if ((t->requirement != NULL ? write_requirement(out, t->requirement) :
	    write_default(out, t->after)) == -1)
		return -1;
	return buf_add_char(out, ')');
}

/* Optional parameters nest: "a(?:/(?P<x>..)(?:/(?P<y>..))?)?".  One that is the
 * whole start of the pattern keeps its separator. */
static int
write_expression(struct buf *out, const struct pattern_scan *c)
{
	size_t i, open = 0;
	int rc = 0;

	for (i = 0; i < c->n_tokens && rc == 0; i++) {
		if (i >= c->optional && i > 0) {
			rc = buf_add_str(out, "(?:");
			open++;
		}
		if (rc == 0)
			rc = c->tokens[i].name.len == 0 ?
			    write_quoted(out, c->tokens[i].text) :
			    write_param(out, &c->tokens[i]);
		if (rc == 0 && i == 0 && c->optional == 0)
			rc = buf_add_char(out, '?');
	}
	for (; open > 0 && rc == 0; open--)
		rc = buf_add_str(out, ")?");
	return rc;
}

/* ---- compiling it ---- */

/* Find out which requirement is to blame: one that does not compile alone.
 * Asked only now, since one may refer to another's group. */
static int
report_regex(const struct pattern_scan *c, const struct regex_error *whole)
{
	const struct pattern_requirement *r;
	struct pcre2_real_code_8 *code;
	struct buf alone = { 0 };
	size_t i, blamed = 0;
	struct regex_error e;

	for (i = 0; i < c->n_tokens; i++) {
		if ((r = c->tokens[i].requirement) == NULL)
			continue;
		buf_reset(&alone);
		if (write_requirement(&alone, r) == -1)
			break;
		code = regex_new(buf_slice(&alone), c->spec->utf8, &e);
		regex_free(code);
		if (code != NULL)
			continue;
		blamed++;
		pattern_report(c, DIAG_ERROR, r, "invalid-regex",
		    "the requirement of \"%s\" is no regular expression: %s "
		    "at offset %zu of %.*s", r->name, e.text, e.offset +
		    r->regex.len - pattern_strip_start(r->regex).len,
		    (int)r->regex.len, r->regex.p);
	}
	buf_clear(&alone);
	if (blamed == 0)
		pattern_error(c, "invalid-regex", "channel and "
		    "requirements make no regular expression together: %s",
		    whole->text);
	return -1;
}

static int
compile_expression(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	struct buf text = { 0 };
	struct regex_error e;
	int rc = -1;

	if (write_expression(&text, c) == -1 ||
	    (p->regex = arena_copy(mem, buf_slice(&text))) == NULL)
		goto out;
	p->code = regex_new(buf_slice(&text), c->spec->utf8, &e);
	rc = p->code != NULL ? 0 : report_regex(c, &e);
out:
	buf_clear(&text);
	return rc;
}

/* The text before the first parameter, with its separator unless both may be
 * absent. */
static int
copy_prefix(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	struct slice prefix = c->tokens[0].text;

	if (c->tokens[0].name.len == 0 && c->n_tokens > 1 && c->optional > 1)
		prefix.len += c->tokens[1].text.len;
	p->prefix = slice_of(arena_copy(mem, prefix), prefix.len);
	return p->prefix.p != NULL ? 0 : -1;
}

/* ---- attributes ---- */

static struct pattern_slot *
slot_find(struct pattern *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_slots; i++)
		if (strcmp(p->slots[i].name, name) == 0)
			return &p->slots[i];
	return NULL;
}

static int
add_default(struct pattern *p, const struct pattern_default *def,
    struct arena *mem)
{
	struct pattern_slot *slot = slot_find(p, def->name);

	if (slot == NULL) {
		slot = &p->slots[p->n_slots++];
		slot->name = arena_copy(mem, slice_str(def->name));
	}
	slot->has_default = true;
	slot->value = slice_of(arena_copy(mem, def->value), def->value.len);
	return slot->name != NULL && slot->value.p != NULL ? 0 : -1;
}

/* A slot for each named group, those inside requirements too, as in PHP; then
 * the defaults. */
static int
build_slots(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	const char *names[REGEX_GROUPS_MAX];
	const struct pattern_spec *s = c->spec;
	size_t i, n = p->code != NULL ? regex_names(p->code, names) : 0;

	p->slots = arena_alloc(mem, (n + s->n_defaults) * sizeof(*p->slots));
	if (p->slots == NULL)
		return -1;
	for (i = 0; i < n; i++)
		p->slots[p->n_slots++] = (struct pattern_slot){
		    .name = names[i], .group = i + 1 };
	for (i = 0; i < s->n_defaults; i++)
		if (add_default(p, &s->defaults[i], mem) == -1)
			return -1;
	if (p->n_slots <= PATTERN_ATTRS_MAX)
		return 0;
	pattern_error(c, "too-many-attributes", "parameters and "
	    "defaults are more than %d together", PATTERN_ATTRS_MAX);
	return -1;
}

int
pattern_compile(struct pattern *p, const struct pattern_spec *spec,
    struct arena *mem, struct diags *d)
{
	size_t before = d->errors;
	struct pattern_scan c;

	*p = (struct pattern){ 0 };
	if (pattern_scan(&c, spec, d) == -1)
		return -1;
	if (copy_prefix(p, &c, mem) == 0 &&
	    (c.n_params == 0 || compile_expression(p, &c, mem) == 0) &&
	    build_slots(p, &c, mem) == 0)
		return 0;
	if (d->errors == before)
		pattern_error(&c, "out-of-memory", "not enough memory "
		    "for the route");
	pattern_clear(p);
	return -1;
}

void
pattern_clear(struct pattern *p)
{
	regex_free(p->code);
	*p = (struct pattern){ 0 };
}
