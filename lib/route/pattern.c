/*
 * pattern.c: a channel pattern is compiled.
 *
 * The channel is first cut into tokens (pattern_scan.c), the expression is
 * written from these (pattern_regex.c): the two steps of the original, so that
 * odd patterns come out the same.
 */
#include "route/pattern.h"

#include <string.h>

#include "base/buf.h"
#include "route/pattern_legacy.h"
#include "route/pattern_regex.h"
#include "route/pattern_scan.h"
#include "route/pattern_steps.h"
#include "route/regex.h"
#include "route/regex_scan.h"

_Static_assert(PATTERN_ATTRS_MAX <= REGEX_GROUPS_MAX, "a group an attribute");

/* ---- what the file says, copied ---- */

static int
copy_text(struct slice *to, struct slice from, struct arena *mem)
{
	char *p = NULL;

	if (from.p != NULL && (p = arena_copy(mem, from)) == NULL)
		return -1;
	*to = slice_of(p, from.len);
	return 0;
}

static int
copy_requirements(struct pattern_spec *to, const struct pattern_spec *from,
    struct arena *mem)
{
	struct pattern_requirement *r;
	size_t i, n = from->n_requirements;

	if ((r = arena_alloc(mem, n * sizeof(*r))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		r[i] = from->requirements[i];
		r[i].name = arena_copy(mem, slice_str(r[i].name));
		r[i].file = to->file;
		if (r[i].name == NULL ||
		    copy_text(&r[i].regex, r[i].regex, mem) == -1)
			return -1;
		if (strcmp(from->requirements[i].file, to->file) != 0)
			r[i].file = arena_copy(mem,
			    slice_str(from->requirements[i].file));
		if (r[i].file == NULL)
			return -1;
	}
	to->requirements = r;
	return 0;
}

static int
copy_defaults(struct pattern_spec *to, const struct pattern_spec *from,
    struct arena *mem)
{
	struct pattern_default *d;
	size_t i;

	d = arena_alloc(mem, from->n_defaults * sizeof(*d));
	if (d == NULL)
		return -1;
	for (i = 0; i < from->n_defaults; i++) {
		d[i] = from->defaults[i];
		d[i].name = arena_copy(mem, slice_str(d[i].name));
		if (d[i].name == NULL || copy_text(&d[i].value, d[i].value,
		    mem) == -1)
			return -1;
	}
	to->defaults = d;
	return 0;
}

static int
copy_spec(struct pattern_spec *to, const struct pattern_spec *from,
    struct arena *mem)
{
	*to = *from;
	if (copy_text(&to->channel, from->channel, mem) == -1 ||
	    copy_requirements(to, from, mem) == -1)
		return -1;
	return copy_defaults(to, from, mem);
}

static int
copy_tokens(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	size_t size = c->n_tokens * sizeof(c->tokens[0]);

	if ((p->tokens = arena_alloc(mem, size)) == NULL)
		return -1;
	memcpy(p->tokens, c->tokens, size);
	p->n_tokens = c->n_tokens;
	p->n_params = c->n_params;
	p->optional = c->optional;
	return 0;
}

/* ---- compiling the expression ---- */

/* Report the requirement if it does not compile alone. */
static void
check_alone(const struct pattern_scan *c, const struct pattern_requirement *r)
{
	struct buf alone = { 0 };
	struct regex_error e;
	struct regex *code;

	if (pattern_write_requirement(&alone, r) == 0) {
		code = regex_new(buf_slice(&alone),
		    c->spec->utf8 ? REGEX_UTF8 : 0, &e);
		if (code == NULL)
			pattern_report(c, DIAG_ERROR, r, "invalid-regex",
			    "the requirement of \"%s\" is not a regular "
			    "expression: %s at offset %zu of %.*s", r->name,
			    e.text, e.offset + r->regex.len -
			    pattern_strip_start(r->regex).len,
			    (int)r->regex.len, r->regex.p);
		regex_free(code);
	}
	buf_clear(&alone);
}

/* Find out which requirement is to blame.  Asked only now, since one may refer
 * to another's group. */
static void
report_regex(const struct pattern_scan *c, const struct regex_error *whole)
{
	size_t i, before = c->diags->errors;

	for (i = 0; i < c->n_tokens; i++)
		if (c->tokens[i].requirement != NULL)
			check_alone(c, c->tokens[i].requirement);
	if (c->diags->errors == before)
		pattern_error(c, "invalid-regex", "channel and requirements "
		    "are not a valid regular expression together: %s",
		    whole->text);
}

/* Whether a ')' seems to close what the requirement did not open. */
static bool
seems_unbalanced(struct slice regex)
{
	size_t at = 0, depth = 0;
	struct regex_token t;

	while (regex_next(&t, regex, &at)) {
		if (t.kind == REGEX_OPEN)
			depth++;
		else if (t.kind == REGEX_CLOSE && depth-- == 0)
			return true;
	}
	return false;
}

/* "a)|(b" makes an expression with the rest of the pattern, but not one that
 * anybody means: its halves start or end anywhere. */
static int
check_balance(const struct pattern_scan *c)
{
	size_t i, before = c->diags->errors;

	for (i = 0; i < c->n_tokens; i++)
		if (c->tokens[i].requirement != NULL &&
		    seems_unbalanced(c->tokens[i].requirement->regex))
			check_alone(c, c->tokens[i].requirement);
	return c->diags->errors == before ? 0 : -1;
}

static int
compile_expression(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	struct buf text = { 0 };
	struct regex_error e;
	int rc = -1;

	if (pattern_write(&text, p) == -1 ||
	    (p->regex = arena_copy(mem, buf_slice(&text))) == NULL)
		goto out;
	p->code = regex_new(buf_slice(&text), p->spec.utf8 ? REGEX_UTF8 : 0,
	    &e);
	if (p->code == NULL)
		report_regex(c, &e);
	else
		rc = check_balance(c);
out:
	buf_clear(&text);
	return rc;
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

static void
add_default(struct pattern *p, const struct pattern_default *def)
{
	struct pattern_slot *slot = slot_find(p, def->name);

	if (slot == NULL) {
		slot = &p->slots[p->n_slots++];
		slot->name = def->name;
	}
	slot->has_default = true;
	slot->value = def->value;
}

/* A slot for each named group, those inside requirements too, as in PHP; then
 * the defaults. */
static int
build_slots(struct pattern *p, const struct pattern_scan *c,
    struct arena *mem)
{
	const char *names[REGEX_GROUPS_MAX];
	size_t i, n = p->code != NULL ? regex_names(p->code, names) : 0;

	p->slots = arena_alloc(mem,
	    (n + p->n_params + p->spec.n_defaults) * sizeof(*p->slots));
	if (p->slots == NULL)
		return -1;
	for (i = 0; i < n; i++)
		p->slots[p->n_slots++] = (struct pattern_slot){
		    .name = names[i], .group = i + 1 };
	if (p->spec.legacy && pattern_legacy_slots(p, mem) == -1)
		return -1;
	for (i = 0; i < p->spec.n_defaults; i++)
		add_default(p, &p->spec.defaults[i]);
	if (p->n_slots <= PATTERN_ATTRS_MAX)
		return 0;
	pattern_error(c, "too-many-attributes", "parameters and "
	    "defaults are more than %d together", PATTERN_ATTRS_MAX);
	return -1;
}

/* ---- all of it ---- */

static int
compile_parts(struct pattern *p, struct pattern_scan *c, struct arena *mem)
{
	if (copy_tokens(p, c, mem) == -1 || pattern_steps(p, mem) == -1)
		return -1;
	if (p->spec.legacy) {
		if (pattern_legacy_compile(p, c) == -1)
			return -1;
	} else if (p->n_params > 0 && compile_expression(p, c, mem) == -1) {
		return -1;
	}
	return build_slots(p, c, mem);
}

int
pattern_compile(struct pattern *p, const struct pattern_spec *spec,
    struct arena *mem, struct diags *d)
{
	struct pattern_scan c = { .spec = spec, .diags = d };
	size_t before = d->errors;

	*p = (struct pattern){ 0 };
	if (copy_spec(&p->spec, spec, mem) == 0) {
		if ((spec->legacy ? pattern_legacy_scan : pattern_scan)(&c,
		    &p->spec, d) == -1)
			return -1;
		if (compile_parts(p, &c, mem) == 0)
			return 0;
	}
	if (d->errors == before)
		pattern_error(&c, "out-of-memory", "not enough memory "
		    "for the route");
	pattern_clear(p);
	return -1;
}

void
pattern_clear(struct pattern *p)
{
	size_t i;

	for (i = 0; i < p->n_tokens; i++)
		regex_free(p->tokens[i].check);
	regex_free(p->code);
	*p = (struct pattern){ 0 };
}

/* ---- matching ---- */

bool
pattern_match(const struct pattern *p, struct slice topic,
    struct regex_scratch *scratch)
{
	if (p->code != NULL)
		return regex_match(p->code, topic, scratch);
	return p->n_params > 0 ? pattern_legacy_match(p, topic, scratch) :
	    slice_eq(p->spec.channel, topic);
}

bool
pattern_value(const struct pattern *p, const struct pattern_slot *slot,
    struct slice topic, const struct regex_scratch *scratch,
    struct slice *out)
{
	if (slot->group != 0) {
		if (p->code == NULL) {
			*out = pattern_legacy_value(p, topic, slot->group - 1);
			return true;
		}
		if (regex_capture(scratch, topic, slot->group, out))
			return true;
	}
	*out = slot->value;
	return slot->has_default;
}
