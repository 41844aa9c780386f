/*
 * settings.c: the keys for routes in the broker's configuration.
 */
#include "routes/settings.h"

#include <stdlib.h>

#include "route/declare.h"
#include "route/files.h"
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

int
settings_add_files(struct settings *s, struct opt_list *list,
    const char *beside, const char *word, struct errbuf *e)
{
	struct files files = { 0 };
	char *copy;
	size_t i;
	int rc = files_named(&files, list->v, list->n, beside, word, e);

	for (i = 0; i < files.n && rc == 0; i++) {
		copy = arena_copy(&s->mem, slice_str(files.v[i]));
		if (copy != NULL && opt_list_add(list, copy) == 0)
			continue;
		err_set(e, "out of memory");
		rc = -1;
	}
	files_clear(&files);
	return rc;
}

static void
read_path(const struct reading *r, const struct yaml_node *n,
    struct opt_list *list)
{
	struct errbuf e;

	if (n->kind != YAML_SCALAR)
		fault(r, n, "not-text", "a file must be text");
	else if (settings_add_files(r->settings, list, r->file, n->text.p,
	    &e) == -1)
		fault(r, n, "bad-value", e.msg);
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
	struct errbuf e;

	if (config != NULL && (doc = yaml_load_file(config, d)) != NULL)
		root = yaml_root(doc);
	if (root != NULL && root->kind == YAML_MAPPING) {
		read_paths(&r, yaml_get(root, "routes"), &s->routes);
		read_paths(&r, yaml_get(root, "services"), &s->services);
		read_routing(&r, yaml_get(root, "routing"));
	} else if (root != NULL && root->kind != YAML_NULL) {
		fault(&r, root, "wrong-type", "the file must contain keys and "
		    "values");
	}
	for (i = 0; i < services->n; i++)
		if (settings_add_files(s, &s->services, NULL, services->v[i],
		    &e) == -1)
			diag_add(d, DIAG_ERROR, services->v[i], 0, 0,
			    "unreadable-file", "%s", e.msg);
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
