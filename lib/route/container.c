/*
 * container.c: the services of Symfony's service files.
 */
#include "route/container.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/num.h"
#include "route/kind.h"

#define PARENTS_MAX	16	/* one above the other */
#define TAGS_MAX	64	/* looked at; a list may stand for many */

/* ---- reading the files ---- */

static struct slice
service_key(const void *value)
{
	return ((const struct service *)value)->id->text;
}

static struct slice
decorator_key(const void *value)
{
	return ((const struct decorator *)value)->target->text;
}

static struct service *
service_new(struct container *c, const struct yaml_node *id)
{
	struct service *v = arena_alloc(&c->mem, sizeof(*v));

	if (v == NULL) {
		c->failed = true;
		return NULL;
	}
	v->id = id;
	if (map_insert(&c->by_id, v) == -1)
		c->failed = true;
	*c->end = v;
	c->end = &v->next;
	return v;
}

/* "decorates: ID": the tags of that one are this one's then. */
static void
add_decorator(struct container *c, const struct service *v)
{
	const struct yaml_node *target = yaml_get(v->value, "decorates");
	struct decorator *d;

	if (target == NULL || target->kind != YAML_SCALAR)
		return;
	if ((d = map_find(&c->decorators, target->text)) != NULL) {
		d->service = v;
		return;
	}
	if ((d = arena_alloc(&c->mem, sizeof(*d))) != NULL)
		*d = (struct decorator){ target, v };
	if (d == NULL || map_insert(&c->decorators, d) == -1)
		c->failed = true;
}

const struct service *
container_decorator(const struct container *c, const struct service *v)
{
	const struct decorator *d = map_find(&c->decorators, v->id->text);

	return d != NULL ? d->service : NULL;
}

/* One entry of `services:`.  A later one of the same id replaces it. */
static void
add_service(struct container *c, const struct source *s,
    const struct yaml_node *id, const struct yaml_node *value,
    const struct yaml_node *defaults)
{
	struct service *new = map_find(&c->by_id, id->text), *next = NULL;

	/* "_defaults", "_instanceof"; aliases, null and lists of arguments
	 * have no tags */
	if (id->text.p[0] == '_' || value->kind != YAML_MAPPING)
		return;
	if (new != NULL) {
		next = new->next;
	} else if ((new = service_new(c, id)) == NULL) {
		return;
	}
	*new = (struct service){ .id = id, .value = value,
	    .defaults = defaults, .source = *s, .next = next };
	add_decorator(c, new);
}

static void
add_services(struct container *c, const struct source *s,
    const struct yaml_node *n)
{
	const struct yaml_node *defaults = yaml_get(n, "_defaults");
	size_t i;

	if (n->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, n, "not-a-mapping", "services "
		    "must be a mapping of their ids to definitions");
		return;
	}
	for (i = 0; i < n->n; i++)
		add_service(c, s, n->items[i], n->values[i], defaults);
}

/* A whole file. */
static void
add_file(struct container *c, const struct source *s,
    const struct yaml_node *root)
{
	const struct yaml_node *key;
	size_t i;

	if (root->kind != YAML_MAPPING) {
		if (root->kind != YAML_NULL)
			source_report(s, DIAG_ERROR, root, "not-a-mapping",
			    "a service file has \"services:\" and "
			    "\"parameters:\"");
		return;
	}
	if (kind_not_services(s, root))
		return;
	for (i = 0; i < root->n; i++) {
		key = root->items[i];
		if (root->values[i]->kind == YAML_NULL)
			continue;
		if (slice_eq(key->text, SLICE("services")))
			add_services(c, s, root->values[i]);
		else if (!slice_eq(key->text, SLICE("parameters")))
			source_report(s, DIAG_WARNING, key, "ignored-key",
			    "\"%s\" is not followed: name the service files "
			    "themselves in wampd.yml", key->text.p);
		else if (parameters_add(&c->parameters, s,
		    root->values[i]) == -1)
			c->failed = true;
	}
}

void
container_init(struct container *c, size_t n)
{
	*c = (struct container){ 0 };
	map_init(&c->by_id, service_key);
	map_init(&c->decorators, decorator_key);
	c->end = &c->first;
	c->files = calloc(n + 1, sizeof(*c->files));
	if (parameters_init(&c->parameters) == -1 || c->files == NULL)
		c->failed = true;
}

/* The file's text, read if it was not before; NULL with the error reported. */
static struct yaml_doc *
obtain_file(struct container *c, const char *path, struct diags *d)
{
	struct stat st = { 0 };
	bool known = stat(path, &st) == 0;
	struct container_file *f, *end = c->files + c->n_files;

	for (f = c->files; known && f < end; f++)
		if (f->dev == st.st_dev && f->ino == st.st_ino)
			return f->doc;
	*end = (struct container_file){ .dev = st.st_dev, .ino = st.st_ino,
	    .doc = yaml_load_file_tagged(path, d) };
	if (end->doc != NULL)
		c->n_files++;
	return end->doc;
}

void
container_read(struct container *c, const char *file, struct diags *d)
{
	const struct source s = { .file = file, .diags = d, .mem = &c->mem };
	struct yaml_doc *doc;

	if (!c->failed && (doc = obtain_file(c, file, d)) != NULL)
		add_file(c, &s, yaml_root(doc));
}

void
container_clear(struct container *c)
{
	while (c->n_files > 0)
		yaml_doc_free(c->files[--c->n_files].doc);
	free(c->files);
	parameters_clear(&c->parameters);
	map_clear(&c->decorators);
	map_clear(&c->by_id);
	arena_clear(&c->mem);
}

/* ---- what a service says ---- */

/* "tags: [name]", or "tags: [{ name: NAME }]", or "tags: [NAME: {}]". */
static bool
tags_have(const struct yaml_node *definition, const char *name)
{
	const struct yaml_node *tags, *tag, *named;
	size_t i;

	tags = definition != NULL ? yaml_get(definition, "tags") : NULL;
	if (tags == NULL || tags->kind != YAML_LIST)
		return false;
	for (i = 0; i < tags->n && i < TAGS_MAX; i++) {
		tag = tags->items[i];
		if (tag->kind == YAML_MAPPING &&
		    (named = yaml_get(tag, "name")) != NULL)
			tag = named;
		if (slice_eq(tag->text, slice_str(name)) ||
		    yaml_get(tag, name) != NULL)
			return true;
	}
	return false;
}

bool
service_has_tag(const struct service *v, const char *name)
{
	return tags_have(v->value, name) || tags_have(v->defaults, name);
}

/* The service and those above it, itself first; how many, or 0 with the
 * error reported. */
static size_t
service_line(const struct container *c, const struct service *v,
    const struct service *line[PARENTS_MAX])
{
	const struct service *above = v;
	const struct yaml_node *parent;
	size_t n = 0;

	for (;;) {
		line[n++] = above;
		parent = yaml_get(above->value, "parent");
		if (parent == NULL || parent->kind != YAML_SCALAR)
			return n;
		if ((above = map_find(&c->by_id, parent->text)) == NULL ||
		    n == PARENTS_MAX)
			break;
	}
	source_report(&line[n - 1]->source, DIAG_ERROR, parent,
	    above == NULL ? "unknown-parent" : "recursive-parent",
	    "the parent \"%s\" %s", parent->text.p, above == NULL ?
	    "is in none of the service files: name its file as well" :
	    "is its own ancestor");
	return 0;
}

/* The place that an argument's key stands for: "0", "index_0", or the name of
 * a stock class' parameter.  ARGUMENTS_MAX for any other. */
static size_t
argument_index(const char *key)
{
	struct errbuf e;
	int64_t n;

	if (strcmp(key, "$topicName") == 0)
		return 0;
	if (strcmp(key, "$timeout") == 0)
		return 1;
	if (strncmp(key, "index_", strlen("index_")) == 0)
		key += strlen("index_");
	if (num_int(&n, key, 0, ARGUMENTS_MAX - 1, &e) == -1)
		return ARGUMENTS_MAX;
	return (size_t)n;
}

static void
argument_set(struct recipe *r, size_t index, const struct yaml_node *n,
    const struct source *from)
{
	if (index >= ARGUMENTS_MAX)
		return;
	r->arguments[index] = n;
	r->from[index] = from;
	if (r->n <= index)
		r->n = index + 1;
}

/* A parent's come first; a list is put behind them, a key may replace one. */
static void
arguments_collect(struct recipe *r, const struct service *const *line,
    size_t n)
{
	const struct yaml_node *list;
	size_t i;

	while (n-- > 0) {
		list = yaml_get(line[n]->value, "arguments");
		for (i = 0; list != NULL && i < list->n &&
		    i < ARGUMENTS_MAX; i++) {
			if (list->kind == YAML_LIST)
				argument_set(r, r->n, list->items[i],
				    &line[n]->source);
			else
				argument_set(r, argument_index(
				    list->items[i]->text.p), list->values[i],
				    &line[n]->source);
		}
	}
}

/* Leave out the services among them ("@logger"), which Oro's versions have in
 * different places. */
static void
arguments_strip(struct recipe *r)
{
	const struct yaml_node *argument;
	size_t i, n = 0;

	for (i = 0; i < r->n; i++) {
		argument = r->arguments[i];
		if (argument == NULL || (argument->kind == YAML_SCALAR &&
		    argument->text.p[0] == '@'))
			continue;
		r->arguments[n] = argument;
		r->from[n++] = r->from[i];
	}
	r->n = n;
}

/* Append the class that the first of the line with any names; without one, the
 * id is the class.  0, or -1 with the error reported. */
static int
class_name(const struct container *c, const struct service *const *line,
    size_t n, struct buf *out)
{
	const struct yaml_node *class;
	size_t i;

	for (i = 0; i < n; i++) {
		class = yaml_get(line[i]->value, "class");
		if (class != NULL && class->kind != YAML_NULL)
			return parameters_expand(&c->parameters,
			    &line[i]->source, class, out);
	}
	return parameters_expand(&c->parameters, &line[0]->source,
	    line[0]->id, out);
}

/* Whether something else than the class itself makes it. */
static bool
is_opaque(const struct service *const *line, size_t n)
{
	static const char *const makers[] = { "factory", "factory_class",
	    "factory_service", "factory_method", "synthetic", "alias" };
	const struct yaml_node *maker;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < sizeof(makers) / sizeof(makers[0]); k++) {
			maker = yaml_get(line[i]->value, makers[k]);
			if (maker != NULL && maker->kind != YAML_NULL &&
			    !slice_eq(maker->text, SLICE("false")))
				return true;
		}
	return false;
}

int
service_recipe(const struct container *c, const struct service *v,
    struct recipe *out)
{
	const struct service *line[PARENTS_MAX];
	size_t n = service_line(c, v, line);

	*out = (struct recipe){ 0 };
	if (n == 0)
		return -1;
	arguments_collect(out, line, n);
	arguments_strip(out);
	out->opaque = is_opaque(line, n);
	return class_name(c, line, n, &out->class);
}

void
recipe_clear(struct recipe *r)
{
	buf_clear(&r->class);
}
