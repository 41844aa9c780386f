/*
 * settings.c: what the broker's configuration says about routes.
 */
#include "routes/settings.h"

#include <stdlib.h>

#include "base/path.h"
#include "route/declare.h"
#include "route/yaml.h"

struct reading {
	struct settings *settings;	/* all borrowed */
	const char	*file;
	struct diags	*diags;
};

static void
fault(const struct reading *r, const struct yaml_node *at, const char *rule,
    const char *text)
{
	diag_add(r->diags, DIAG_ERROR, r->file, at->line, at->column, rule,
	    "%s", text);
}

static void
read_path(const struct reading *r, const struct yaml_node *n,
    struct opt_list *list)
{
	struct buf path = { 0 };
	char *copy = NULL;

	if (n->kind != YAML_SCALAR) {
		fault(r, n, "not-text", "a file must be text");
		return;
	}
	if (path_beside(&path, r->file, n->text.p) == 0)
		copy = arena_copy(&r->settings->mem, buf_slice(&path));
	if (copy == NULL || opt_list_add(list, copy) == -1)
		fault(r, n, "out-of-memory", "not enough memory");
	buf_clear(&path);
}

/* One path or a list of them. */
static void
read_paths(const struct reading *r, const struct yaml_node *n,
    struct opt_list *list)
{
	size_t i;

	if (n == NULL || n->kind == YAML_NULL)
		return;
	if (n->kind != YAML_LIST)
		read_path(r, n, list);
	else
		for (i = 0; i < n->n; i++)
			read_path(r, n->items[i], list);
}

static void
read_routing(const struct reading *r, const struct yaml_node *n)
{
	if (n == NULL || n->kind == YAML_NULL)
		return;
	if (n->kind == YAML_SCALAR && slice_eq(n->text, SLICE("legacy")))
		r->settings->legacy = true;
	else if (n->kind != YAML_SCALAR ||
	    !slice_eq(n->text, SLICE("current")))
		fault(r, n, "bad-value", "routing must be current or legacy");
}

static void
read_handlers(struct settings *s, const char *file,
    const struct yaml_node *root, struct diags *d)
{
	const struct declare_source source = {
	    .file = file != NULL ? file : "handlers",
	    .handlers = root != NULL ? yaml_get(root, "handlers") : NULL,
	    .parameters = root != NULL ? yaml_get(root, "parameters") : NULL,
	    .services = s->services.v, .n_services = s->services.n };

	if ((s->handlers = declare_load(&source, d)) == NULL)
		diag_add(d, DIAG_ERROR, source.file, 0, 0, "out-of-memory",
		    "not enough memory for the handlers");
}

void
settings_read(struct settings *s, const char *config,
    const struct opt_list *services, struct diags *d)
{
	const struct reading r = { s, config, d };
	const struct yaml_node *root = NULL;
	struct yaml_doc *doc = NULL;
	size_t i, before = d->errors;

	if (config != NULL && (doc = yaml_load_file(config, d)) != NULL)
		root = yaml_root(doc);
	if (root != NULL && root->kind == YAML_MAPPING) {
		read_paths(&r, yaml_get(root, "routes"), &s->routes);
		read_paths(&r, yaml_get(root, "services"), &s->services);
		read_routing(&r, yaml_get(root, "routing"));
	} else if (root != NULL && root->kind != YAML_NULL) {
		fault(&r, root, "wrong-type", "the file must hold keys and "
		    "values");
	}
	for (i = 0; i < services->n; i++)
		if (opt_list_add(&s->services, services->v[i]) == -1)
			break;
	if (d->errors == before)
		read_handlers(s, config, root, d);
	yaml_doc_free(doc);
}

void
settings_clear(struct settings *s)
{
	declare_free(s->handlers);
	free(s->routes.v);
	free(s->services.v);
	arena_clear(&s->mem);
	*s = (struct settings){ 0 };
}
