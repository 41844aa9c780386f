/*
 * load.c: routing files become a table of routes.
 *
 * The keys are those of Oro's loader and of the PubSubRouter 2.x below it.
 * Whatever would be silently dropped there is named here, and a fault in one
 * definition does not hide those of the next.
 */
#include "route/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "route/pattern.h"
#include "route/yaml.h"

/* The keys of a definition, in the order of definition_keys. */
enum key { KEY_CHANNEL, KEY_PATTERN, KEY_HANDLER, KEY_CALLBACK,
    KEY_REQUIREMENTS, KEY_DEFAULTS, KEY_OPTIONS, KEY_RESOURCE, KEY_TYPE,
    KEY_EXCLUDE, KEY_COUNT };

static const char *const definition_keys[] = { "channel", "pattern",
    "handler", "callback", "requirements", "defaults", "options", "resource",
    "type", "exclude", NULL };
static const char *const handler_keys[] = { "callback", "args", NULL };
static const char *const requirement_keys[] = { "pattern", "wildcard", NULL };

struct loader {
	struct routes *routes;	/* all borrowed */
	const char    *file;
	struct diags  *diags;
};

/* One route as it is read; texts belong to the document. */
struct definition {
	const struct yaml_node *name;
	const struct yaml_node *fields[KEY_COUNT];	/* NULL: not given */
	struct pattern_requirement requirements[PATTERN_ATTRS_MAX];
	struct pattern_default	   defaults[PATTERN_ATTRS_MAX];
	struct pattern_spec	   pattern;
};

static void __attribute__((format(printf, 5, 6)))
report(const struct loader *l, enum diag_level level,
    const struct yaml_node *at, const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(l->diags, level, l->file, at->line, at->column, rule, fmt,
	    ap);
	va_end(ap);
}

/* ---- what all parts of a file share ---- */

static void
report_unknown_key(const struct loader *l, const struct yaml_node *key,
    const char *const *known)
{
	struct buf list = { 0 };
	const char *text;
	size_t i;

	for (i = 0; known[i] != NULL; i++)
		(void)buf_addf(&list, "%s%s", i > 0 ? ", " : "", known[i]);
	text = buf_cstr(&list);
	report(l, DIAG_ERROR, key, "unknown-key", "unknown key \"%s\": write "
	    "one of %s", key->text.p, text != NULL ? text : known[0]);
	buf_clear(&list);
}

/* Sort a mapping's values by their keys.  A null counts as not given, as it
 * does for PHP's isset(). */
static void
pick_fields(const struct loader *l, const struct yaml_node *mapping,
    const char *const *known, const struct yaml_node **fields)
{
	size_t i, k;

	for (i = 0; i < mapping->n; i++) {
		for (k = 0; known[k] != NULL; k++)
			if (strcmp(mapping->items[i]->text.p, known[k]) == 0)
				break;
		if (known[k] == NULL)
			report_unknown_key(l, mapping->items[i], known);
		else if (mapping->values[i]->kind != YAML_NULL)
			fields[k] = mapping->values[i];
	}
}

/* The text of a node, or NULL with the error reported. */
static const char *
read_text(const struct loader *l, const struct yaml_node *n, const char *what)
{
	if (n->kind == YAML_SCALAR)
		return n->text.p;
	report(l, DIAG_ERROR, n, "not-text", "%s must be text: quote it when "
	    "it starts with { or [", what);
	return NULL;
}

/*
 * true or false.  YAML 1.1 takes yes and no as well, but for PHP's parser those
 * are texts, and any text is true there: the file would change its meaning.
 */
static bool
read_flag(const struct loader *l, const struct yaml_node *n, const char *what)
{
	bool value = false;

	if (yaml_bool(&value, n) == -1 || strchr("tTfF", n->text.p[0]) == NULL)
		report(l, DIAG_ERROR, n, "not-a-flag", "%s must be true or "
		    "false, without quotes", what);
	return value;
}

/* A mapping with at most so many members as a route can use, or NULL when
 * there is none: not given, empty (PHP writes an empty list), or reported. */
static const struct yaml_node *
read_mapping(const struct loader *l, const struct yaml_node *n,
    const char *what, const char *example)
{
	if (n == NULL || (n->kind == YAML_LIST && n->n == 0))
		return NULL;
	if (n->kind != YAML_MAPPING) {
		report(l, DIAG_ERROR, n, "not-a-mapping", "%s must be a "
		    "mapping: write %s", what, example);
		return NULL;
	}
	if (n->n <= PATTERN_ATTRS_MAX)
		return n;
	report(l, DIAG_ERROR, n, "too-many-parameters", "more than %d %s",
	    PATTERN_ATTRS_MAX, what);
	return NULL;
}

/* The one that is given of a key and its other name; NULL with the error
 * reported when it is none or both. */
static const struct yaml_node *
choose_field(const struct loader *l, const struct definition *def,
    enum key key, enum key other)
{
	const struct yaml_node *const *f = def->fields;

	if (f[key] != NULL && f[other] != NULL) {
		report(l, DIAG_ERROR, f[other], "two-names", "\"%s\" and "
		    "\"%s\" mean the same: remove one",
		    definition_keys[key], definition_keys[other]);
		return NULL;
	}
	if (f[key] == NULL && f[other] == NULL)
		report(l, DIAG_ERROR, def->name, "missing-key", "the route "
		    "\"%s\" has no %s: add \"%s:\"", def->name->text.p,
		    definition_keys[key], definition_keys[key]);
	return f[key] != NULL ? f[key] : f[other];
}

/* ---- the parts of a definition ---- */

/* "handler: name", or "handler: {callback: name}" as Oro has it.  Oro drops the
 * arguments. */
static const char *
read_handler(const struct loader *l, const struct yaml_node *n)
{
	const struct yaml_node *fields[2] = { NULL, NULL };

	if (n->kind != YAML_MAPPING)
		return read_text(l, n, "the handler");
	pick_fields(l, n, handler_keys, fields);
	if (fields[1] != NULL)
		report(l, DIAG_WARNING, fields[1], "ignored-key", "args are "
		    "not given to any handler: remove them");
	if (fields[0] != NULL)
		return read_text(l, fields[0], "the callback");
	report(l, DIAG_ERROR, n, "missing-key", "the handler has no "
	    "callback: add \"callback:\"");
	return NULL;
}

/* "regex", or {pattern: regex, wildcard: true}.  -1: leave it out. */
static int
read_requirement(const struct loader *l, struct pattern_requirement *r,
    const struct yaml_node *n)
{
	const struct yaml_node *fields[2] = { NULL, NULL };
	const char *text;

	if (n->kind == YAML_MAPPING) {
		pick_fields(l, n, requirement_keys, fields);
		if (fields[1] != NULL)
			r->wildcard = read_flag(l, fields[1], "wildcard");
		if (fields[0] == NULL) {
			report(l, DIAG_ERROR, n, "missing-key", "the "
			    "requirement of \"%s\" has no pattern: add "
			    "\"pattern:\"", r->name);
			return -1;
		}
		n = fields[0];
	}
	if ((text = read_text(l, n, "a requirement")) == NULL)
		return -1;
	r->regex = slice_str(text);
	r->line = n->line;
	r->column = n->column;
	return 0;
}

static void
read_requirements(const struct loader *l, struct definition *def)
{
	const struct yaml_node *n;
	struct pattern_requirement *r;
	size_t i;

	n = read_mapping(l, def->fields[KEY_REQUIREMENTS], "requirements",
	    "\"PARAMETER: 'REGEX'\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		r = &def->requirements[def->pattern.n_requirements];
		*r = (struct pattern_requirement){
		    .name = n->items[i]->text.p };
		if (read_requirement(l, r, n->values[i]) == 0)
			def->pattern.n_requirements++;
	}
}

/* A null default is none: it makes nothing optional (PHP's isset()). */
static void
read_defaults(const struct loader *l, struct definition *def)
{
	const struct yaml_node *n;
	const char *text;
	size_t i;

	n = read_mapping(l, def->fields[KEY_DEFAULTS], "defaults",
	    "\"PARAMETER: VALUE\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		if (n->values[i]->kind == YAML_NULL)
			continue;
		text = read_text(l, n->values[i], "a default");
		if (text == NULL)
			continue;
		def->defaults[def->pattern.n_defaults++] =
		    (struct pattern_default){ .name = n->items[i]->text.p,
		    .value = slice_str(text) };
	}
}

/* Options are for PHP's compiler, but one. */
static void
read_options(const struct loader *l, struct definition *def)
{
	const struct yaml_node *n;
	size_t i;

	n = read_mapping(l, def->fields[KEY_OPTIONS], "options",
	    "\"utf8: true\"");
	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		if (strcmp(n->items[i]->text.p, "utf8") != 0)
			report(l, DIAG_WARNING, n->items[i], "ignored-key",
			    "the option \"%s\" has no meaning here: remove it",
			    n->items[i]->text.p);
		else if (n->values[i]->kind != YAML_NULL)
			def->pattern.utf8 = read_flag(l, n->values[i],
			    "utf8");
	}
}

/* Whether the definition is an import, which has other keys. */
static bool
check_import(const struct loader *l, const struct definition *def)
{
	const struct yaml_node *const *f = def->fields;

	if (f[KEY_RESOURCE] == NULL) {
		if (f[KEY_TYPE] != NULL)
			report(l, DIAG_ERROR, f[KEY_TYPE], "import-only",
			    "\"type\" goes with \"resource\" only: remove "
			    "it");
		if (f[KEY_EXCLUDE] != NULL)
			report(l, DIAG_WARNING, f[KEY_EXCLUDE], "ignored-key",
			    "\"exclude\" goes with \"resource\" only: remove "
			    "it");
		return false;
	}
	if (f[KEY_CHANNEL] != NULL || f[KEY_PATTERN] != NULL)
		report(l, DIAG_ERROR, f[KEY_RESOURCE], "import-and-channel",
		    "\"%s\" has a channel and imports a file: make two "
		    "definitions of it", def->name->text.p);
	else
		report(l, DIAG_ERROR, f[KEY_RESOURCE], "import-unsupported",
		    "imports are not supported yet: give the file to the "
		    "program itself");
	return true;
}

/* ---- definitions and files ---- */

/* The original trims channels: one in a YAML block has a newline behind it. */
static struct slice
trim_blanks(const char *text)
{
	static const char blanks[] = " \t\n\r\v";
	struct slice s = slice_str(text + strspn(text, blanks));

	while (s.len > 0 && strchr(blanks, s.p[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/* All parts are read even if one is missing: their faults are told together. */
static void
add_route(const struct loader *l, struct definition *def)
{
	struct route route = { .name = def->name->text.p, .file = l->file,
	    .line = def->name->line, .column = def->name->column };
	const struct yaml_node *channel, *handler;
	const char *text;

	read_requirements(l, def);
	read_defaults(l, def);
	read_options(l, def);
	handler = choose_field(l, def, KEY_HANDLER, KEY_CALLBACK);
	if (handler != NULL)
		route.handler = read_handler(l, handler);
	channel = choose_field(l, def, KEY_CHANNEL, KEY_PATTERN);
	if (channel == NULL ||
	    (text = read_text(l, channel, "the channel")) == NULL)
		return;
	if (route.handler == NULL)
		route.handler = "";	/* the channel is checked still */
	def->pattern.file = l->file;
	def->pattern.line = channel->line;
	def->pattern.column = channel->column;
	def->pattern.channel = trim_blanks(text);
	def->pattern.requirements = def->requirements;
	def->pattern.defaults = def->defaults;
	(void)routes_add(l->routes, &route, &def->pattern, l->diags);
}

static void
load_definition(const struct loader *l, const struct yaml_node *name,
    const struct yaml_node *value)
{
	struct definition def = { .name = name };

	if (value->kind == YAML_NULL) {
		report(l, DIAG_WARNING, name, "null-definition",
		    "\"%s\" is empty and skipped: give it a channel and a "
		    "handler, or remove it", name->text.p);
		return;
	}
	if (value->kind != YAML_MAPPING) {
		report(l, DIAG_ERROR, value, "not-a-mapping", "\"%s\" must be "
		    "a mapping: write \"channel:\" and \"handler:\" below it",
		    name->text.p);
		return;
	}
	pick_fields(l, value, definition_keys, def.fields);
	if (!check_import(l, &def))
		add_route(l, &def);
}

static void
load_document(struct routes *r, const struct yaml_doc *doc, struct diags *d)
{
	const struct loader l = { .routes = r, .file = yaml_file(doc),
	    .diags = d };
	const struct yaml_node *root = yaml_root(doc);
	size_t i, first = d->n;

	if (root->kind == YAML_NULL)
		return;
	if (root->kind != YAML_MAPPING) {
		report(&l, DIAG_ERROR, root, "not-a-mapping", "the file must "
		    "be a mapping of route names to definitions");
		return;
	}
	for (i = 0; i < root->n && !diags_full(d); i++)
		load_definition(&l, root->items[i], root->values[i]);
	diags_sort(d, first);
}

/* Close the table when all went well, else drop it. */
static struct routes *
load_end(struct routes *r, struct diags *d, size_t errors_before)
{
	if (r != NULL && d->errors == errors_before && routes_finish(r) == 0)
		return r;
	if (d->errors == errors_before)
		diag_add(d, DIAG_ERROR, "routes", 0, 0, "out-of-memory",
		    "not enough memory for the routes");
	routes_free(r);
	return NULL;
}

struct routes *
routes_load(const char *const *files, size_t n, struct diags *d)
{
	struct routes *r = routes_new();
	size_t i, before = d->errors;
	struct yaml_doc *doc;

	for (i = 0; r != NULL && i < n && !diags_full(d); i++) {
		if ((doc = yaml_load_file(files[i], d)) != NULL)
			load_document(r, doc, d);
		yaml_doc_free(doc);
	}
	return load_end(r, d, before);
}

struct routes *
routes_load_text(const char *file, struct slice text, struct diags *d)
{
	struct routes *r = routes_new();
	size_t before = d->errors;
	struct yaml_doc *doc;

	if (r != NULL && (doc = yaml_load_text(file, text, d)) != NULL) {
		load_document(r, doc, d);
		yaml_doc_free(doc);
	}
	return load_end(r, d, before);
}
