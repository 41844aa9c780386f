/*
 * definition.c: one definition of a routing file, read from its YAML.
 *
 * The keys are those of Oro's loader and of the PubSubRouter 2.x below it.
 * Whatever would be silently dropped there is named here, and a fault in one
 * part does not hide those of the next.
 */
#include "route/definition.h"

#include <string.h>

#include "base/buf.h"
#include "route/definition_key.h"
#include "route/inline.h"
#include "route/pattern_scan.h"
#include "route/source.h"

const char *const definition_keys[KEY_COUNT + 1] = { "channel", "handler",
    "requirements", "pattern", "callback", "defaults", "options", "resource",
    "type", "exclude", NULL };
static const char *const legacy_keys[] = { "channel", "handler",
    "requirements", NULL };
const char *const definition_handler_keys[] = { "callback", "args", NULL };
const char *const definition_requirement_keys[] = { "pattern", "wildcard",
    NULL };

/* A definition's values by key; NULL: not given. */
struct fields {
	const struct yaml_node *v[KEY_COUNT];
};

/* ---- requirements and defaults ---- */

/* One that says nothing is told of here, since another file may override it
 * before its pattern is compiled. */
static int
add_requirement(const struct source *s, struct definition *def,
    struct pattern_requirement r)
{
	if (s->legacy || r.wildcard || pattern_strip(r.regex).len > 0)
		return definition_put_requirement(def, r, s->mem);
	diag_add(s->diags, DIAG_ERROR, r.file, r.line, r.column,
	    "empty-requirement", "the requirement of \"%s\" is empty: write "
	    "a regular expression or remove it", r.name);
	return 0;
}

/* "regex", or {pattern: regex, wildcard: true}; version 0.3 has the mapping
 * only, and needs no pattern in it.  -1: leave it out. */
static int
read_requirement(const struct source *s,
    struct pattern_requirement *r, const struct yaml_node *n)
{
	const struct yaml_node *fields[2] = { NULL, NULL };
	const char *text;

	if (n->kind == YAML_MAPPING) {
		source_fields(s, n, definition_requirement_keys, fields,
		    DIAG_WARNING);
		if (fields[1] != NULL)
			r->wildcard = source_flag(s, fields[1], "wildcard");
		if (fields[0] == NULL && s->legacy)
			return 0;
		if (fields[0] == NULL) {
			source_report(s, DIAG_ERROR, n, "missing-key",
			    "the requirement of \"%s\" has no pattern: add "
			    "\"pattern:\"", r->name);
			return -1;
		}
		n = fields[0];
	} else if (s->legacy) {
		source_report(s, DIAG_ERROR, n, "not-a-mapping", "the "
		    "requirement of \"%s\" must be a mapping: write "
		    "\"{pattern: 'REGEX'}\"", r->name);
		return -1;
	}
	if ((text = source_text(s, n, "a requirement")) == NULL)
		return -1;
	r->regex = slice_str(text);
	r->line = n->line;
	r->column = n->column;
	return 0;
}

/* A key that PHP takes for an index of a list. */
static bool
is_number(struct slice s)
{
	return s.len > 0 && strspn(s.p, "0123456789") == s.len;
}

static void
read_requirements(const struct source *s, struct definition *def,
    const struct yaml_node *n)
{
	struct pattern_requirement r;
	size_t i;

	n = source_mapping(s, n, "requirements", s->legacy ?
	    "\"PARAMETER: {pattern: 'REGEX'}\"" : "\"PARAMETER: 'REGEX'\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		r = (struct pattern_requirement){
		    .name = n->items[i]->text.p, .file = s->file,
		    .line = n->items[i]->line, .column = n->items[i]->column };
		if (!s->legacy && is_number(n->items[i]->text))
			source_report(s, DIAG_ERROR, n->items[i],
			    "bad-parameter", "\"%s\" cannot be a parameter: "
			    "write the name of the one that this requirement "
			    "is for", r.name);
		else if (read_requirement(s, &r, n->values[i]) == 0 &&
		    add_requirement(s, def, r) == -1)
			source_out_of_memory(s, n);
	}
}

static void
read_defaults(const struct source *s, struct definition *def,
    const struct yaml_node *n)
{
	struct pattern_default d;
	const char *text;
	size_t i;

	n = source_mapping(s, n, "defaults", "\"PARAMETER: VALUE\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		d = (struct pattern_default){ .name = n->items[i]->text.p,
		    .line = n->items[i]->line,
		    .column = n->items[i]->column };
		if (n->values[i]->kind != YAML_NULL) {
			text = source_text(s, n->values[i], "a default");
			if (text == NULL)
				continue;
			source_check_plain(s, n->values[i]);
			d.value = slice_str(text);
		}
		if (definition_put_default(def, d, s->mem) == -1)
			source_out_of_memory(s, n);
	}
}

/* Options are for PHP's compiler, but one. */
static void
read_options(const struct source *s, struct definition *def,
    const struct yaml_node *n)
{
	size_t i;

	n = source_mapping(s, n, "options", "\"utf8: true\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		if (strcmp(n->items[i]->text.p, "utf8") != 0) {
			source_report(s, DIAG_WARNING, n->items[i],
			    "ignored-key", "the option \"%s\" has no meaning "
			    "here: remove it", n->items[i]->text.p);
			continue;
		}
		def->utf8_given = true;
		def->spec.utf8 = n->values[i]->kind != YAML_NULL &&
		    source_flag(s, n->values[i], "utf8");
	}
}

/* What a route has and an import overrides. */
static void
read_parts(const struct source *s, struct definition *def,
    const struct fields *f)
{
	read_requirements(s, def, f->v[KEY_REQUIREMENTS]);
	read_defaults(s, def, f->v[KEY_DEFAULTS]);
	read_options(s, def, f->v[KEY_OPTIONS]);
}

/* ---- the channel ---- */

/* The original trims channels: one in a YAML block has a newline behind it. */
static struct slice
trim_blanks(struct slice s)
{
	static const char blanks[] = " \t\n\r\v";

	while (s.len > 0 && strchr(blanks, s.p[0]) != NULL)
		s = slice_of(s.p + 1, s.len - 1);
	while (s.len > 0 && strchr(blanks, s.p[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/* What is inline becomes a requirement and a default like others. */
static int
put_inline(const struct source *s, struct definition *def,
    const struct inline_param *p)
{
	const struct pattern_spec *spec = &def->spec;
	struct pattern_requirement r = { .file = s->file, .line = spec->line,
	    .column = spec->column, .regex = p->regex };
	struct pattern_default d = { .line = spec->line,
	    .column = spec->column };
	const char *name = arena_copy(s->mem, p->name);

	if (name == NULL)
		return -1;
	r.name = name;
	if (p->regex.p != NULL && add_requirement(s, def, r) == -1)
		return -1;
	d.name = name;
	if (!p->is_null)
		d.value = p->value;
	return p->value.p != NULL ? definition_put_default(def, d, s->mem) : 0;
}

static int
take_inline(const struct source *s, struct definition *def, struct slice text)
{
	struct buf plain = { 0 };
	struct inline_param p;
	char *copy = NULL;
	size_t at = 0, n = 0;
	int rc;

	/* One more is enough to be refused. */
	while ((rc = inline_next(&p, text, &at, &plain)) == 0)
		if (n++ <= PATTERN_ATTRS_MAX && put_inline(s, def, &p) == -1)
			break;
	if (rc == 1)
		copy = arena_copy(s->mem, buf_slice(&plain));
	if (copy != NULL)
		def->spec.channel = trim_blanks(slice_of(copy, plain.len));
	buf_clear(&plain);
	return copy != NULL ? 0 : -1;
}

static int
read_channel(const struct source *s, struct definition *def,
    const struct yaml_node *n)
{
	struct pattern_spec *spec = &def->spec;
	const char *text = source_text(s, n, "the channel");

	if (text == NULL)
		return -1;
	spec->file = s->file;
	spec->line = n->line;
	spec->column = n->column;
	spec->legacy = s->legacy;
	if (s->legacy)
		spec->channel = trim_blanks(slice_str(text));
	else if (take_inline(s, def, slice_str(text)) == -1) {
		source_out_of_memory(s, n);
		return -1;
	}
	return 0;
}

/* ---- the handler ---- */

/* "handler: name", or "handler: {callback: name}" as Oro has it.  Oro drops the
 * arguments. */
static const char *
read_handler(const struct source *s, const struct yaml_node *n)
{
	const struct yaml_node *fields[2] = { NULL, NULL };

	if (n->kind != YAML_MAPPING)
		return source_text(s, n, "the handler");
	source_fields_inside(s, n, definition_handler_keys, definition_keys,
	    fields, DIAG_WARNING);
	if (fields[1] != NULL)
		source_report(s, DIAG_WARNING, fields[1], "ignored-key",
		    "args are not given to any handler: remove them");
	if (fields[0] != NULL)
		return source_text(s, fields[0], "the callback");
	source_report(s, DIAG_ERROR, n, "missing-key", "the handler has "
	    "no callback: add \"callback:\"");
	return NULL;
}

/* ---- definitions ---- */

/* The one that is given of a key and its other name; NULL with the error
 * reported when it is none or both. */
static const struct yaml_node *
choose_field(const struct source *s, const struct yaml_node *name,
    const struct fields *f, enum key key, enum key other)
{
	const struct yaml_node *a = f->v[key], *b = f->v[other];

	if (a != NULL && b != NULL) {
		source_report(s, DIAG_ERROR, b, "two-names", "\"%s\" and "
		    "\"%s\" mean the same: remove one",
		    definition_keys[key], definition_keys[other]);
		return NULL;
	}
	if (a == NULL && b == NULL)
		source_report(s, DIAG_ERROR, name, "missing-key", "the "
		    "route \"%s\" has no %s: add \"%s:\"", name->text.p,
		    definition_keys[key], definition_keys[key]);
	return a != NULL ? a : b;
}

/* All parts are read even if one is missing: their faults are told together.
 * A route without a channel cannot be used, one without a handler can be
 * checked. */
static struct definition *
read_route(const struct source *s, const struct yaml_node *name,
    struct definition *def, const struct fields *f)
{
	const struct yaml_node *channel, *handler = NULL;
	int rc = -1;

	if (f->v[KEY_TYPE] != NULL)
		source_report(s, DIAG_ERROR, f->v[KEY_TYPE],
		    "import-only", "\"type\" is only for definitions with "
		    "\"resource\": remove it");
	if (f->v[KEY_EXCLUDE] != NULL)
		source_report(s, DIAG_WARNING, f->v[KEY_EXCLUDE],
		    "ignored-key", "\"exclude\" is only for definitions with "
		    "\"resource\": remove it");
	if (s->legacy && f->v[KEY_HANDLER] == NULL)
		source_report(s, DIAG_WARNING, name, "missing-handler", "the "
		    "route \"%s\" has no handler: add \"handler:\"",
		    def->name);
	else
		handler = choose_field(s, name, f, KEY_HANDLER, KEY_CALLBACK);
	if (handler != NULL)
		def->handler = read_handler(s, handler);
	if (def->handler == NULL)
		def->handler = "";
	channel = choose_field(s, name, f, KEY_CHANNEL, KEY_PATTERN);
	if (channel != NULL)
		rc = read_channel(s, def, channel);
	read_parts(s, def, f);
	return rc == 0 ? def : NULL;
}

static struct definition *
read_import(const struct source *s, struct definition *def,
    const struct fields *f)
{
	def->resource = f->v[KEY_RESOURCE];
	def->type = f->v[KEY_TYPE];
	def->exclude = f->v[KEY_EXCLUDE];
	if (f->v[KEY_CHANNEL] != NULL || f->v[KEY_PATTERN] != NULL) {
		source_report(s, DIAG_ERROR, def->resource,
		    "import-and-channel", "\"%s\" has a channel and imports a "
		    "file: split it into two definitions", def->name);
		return NULL;
	}
	if (f->v[KEY_HANDLER] != NULL || f->v[KEY_CALLBACK] != NULL)
		source_report(s, DIAG_WARNING, f->v[KEY_HANDLER] != NULL ?
		    f->v[KEY_HANDLER] : f->v[KEY_CALLBACK], "ignored-key",
		    "an import has no handler: remove it");
	read_parts(s, def, f);
	return def;
}

struct definition *
definition_read(const struct source *s,
    const struct yaml_node *name, const struct yaml_node *value)
{
	struct fields f = { { NULL } };
	struct definition *def;

	if (value->kind == YAML_NULL) {
		source_report(s, DIAG_WARNING, name, "null-definition",
		    "\"%s\" is empty and skipped: give it a channel and a "
		    "handler, or remove it", name->text.p);
		return NULL;
	}
	if (value->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, value, "not-a-mapping",
		    "\"%s\" must be a mapping: write \"channel:\" and "
		    "\"handler:\" below it", name->text.p);
		return NULL;
	}
	if ((def = arena_alloc(s->mem, sizeof(*def))) == NULL) {
		source_out_of_memory(s, name);
		return NULL;
	}
	def->name = name->text.p;
	def->file = s->file;
	def->line = name->line;
	def->column = name->column;
	source_fields(s, value, s->legacy ? legacy_keys : definition_keys, f.v,
	    DIAG_ERROR);
	return f.v[KEY_RESOURCE] != NULL ? read_import(s, def, &f) :
	    read_route(s, name, def, &f);
}
