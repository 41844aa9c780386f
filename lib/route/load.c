/*
 * load.c: routing files become a table of routes.
 *
 * All files are read first, those that they import where they import them.
 * Then what is left of the definitions is compiled: an import may have changed
 * what its file says.
 */
#include "route/load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "route/collection.h"
#include "route/definition.h"
#include "route/import.h"
#include "route/kind.h"
#include "route/yaml.h"

#define LOAD_DEPTH_MAX	32	/* files that import one another */
#define LOAD_FILES_MAX	10000	/* times that a file is read */
#define LOAD_ROUTES_MAX	250000	/* definitions read, imported ones each time */

/* A file as it was found. */
struct loaded {
	const char	*file;
	struct yaml_doc *doc;	/* owned; NULL when it could not be read */
	dev_t		 dev;
	ino_t		 ino;
};

struct loader {
	struct diags  *diags;	/* borrowed */
	bool	       legacy;
	bool	       partial;	/* with errors, too */
	bool	       is_text;	/* without a folder: imports nothing */
	struct arena   mem;	/* definitions */
	struct loaded *files;	/* owned; in the order in which they were
				 * found */
	size_t	       n_files;
	size_t	       n_reads, n_definitions;
};

/* A file that is being read, and how it came to that. */
struct reading {
	const struct reading *parent;	/* what imports it; NULL: nothing */
	const struct loaded  *file;
	unsigned	      depth;
};

static int	load_import(struct loader *l, const struct source *s,
		    const struct definition *def, const struct reading *by,
		    struct collection *out);

/* ---- definitions ---- */

static int
load_definition(struct loader *l, const struct source *s,
    const struct yaml_node *name, const struct yaml_node *value,
    const struct reading *reading, struct collection *out)
{
	struct definition *def = definition_read(s, name, value);
	int rc;

	if (++l->n_definitions > LOAD_ROUTES_MAX) {
		source_report(s, DIAG_ERROR, name, "too-many-routes",
		    "more than %d definitions in all", LOAD_ROUTES_MAX);
		return -1;
	}
	if (def == NULL)
		return 0;
	rc = def->resource != NULL ? load_import(l, s, def, reading, out) :
	    collection_put(out, def);
	if (rc == -1)
		source_out_of_memory(s, name);
	return rc;
}

static void
load_document(struct loader *l, const struct yaml_doc *doc,
    const struct reading *reading, struct collection *out)
{
	const struct source s = { .file = yaml_file(doc), .diags = l->diags,
	    .mem = &l->mem, .legacy = l->legacy };
	const struct yaml_node *root = yaml_root(doc);
	size_t i;

	if (root->kind == YAML_NULL)
		return;
	if (root->kind != YAML_MAPPING) {
		source_report(&s, DIAG_ERROR, root, "not-a-mapping", "the "
		    "file must be a mapping of route names to definitions");
		return;
	}
	if (kind_not_routes(&s, root))
		return;
	for (i = 0; i < root->n && !diags_full(l->diags); i++)
		if (load_definition(l, &s, root->items[i], root->values[i],
		    reading, out) == -1)
			return;
}

/* ---- files ---- */

/* The file, read if it was not before; NULL when out of memory.  Valid until
 * the next call. */
static struct loaded *
obtain_file(struct loader *l, const char *path)
{
	struct loaded *v, *f;
	struct stat st = { 0 };
	bool known = stat(path, &st) == 0;
	size_t i;

	for (i = 0; known && i < l->n_files; i++) {
		f = &l->files[i];
		if (f->dev == st.st_dev && f->ino == st.st_ino &&
		    f->doc != NULL)
			return f;
	}
	v = realloc(l->files, (l->n_files + 1) * sizeof(*v));
	if (v == NULL)
		return NULL;
	l->files = v;
	f = &v[l->n_files];
	*f = (struct loaded){ .dev = st.st_dev, .ino = st.st_ino,
	    .file = arena_copy(&l->mem, slice_str(path)) };
	if (f->file == NULL)
		return NULL;
	l->n_files++;
	f->doc = yaml_load_file(f->file, l->diags);
	return f;
}

/* What imports it keeps the reading within bounds. */
static void
load_file(struct loader *l, const char *path, const struct reading *by,
    struct collection *out)
{
	const struct loaded *f = obtain_file(l, path);
	struct loaded file;
	struct reading reading = { .parent = by, .file = &file,
	    .depth = by != NULL ? by->depth + 1 : 0 };

	if (f == NULL) {
		diag_add(l->diags, DIAG_ERROR, path, 0, 0, "out-of-memory",
		    "not enough memory to read the file");
		return;
	}
	file = *f;		/* reading others moves the list */
	l->n_reads++;
	if (file.doc != NULL)
		load_document(l, file.doc, &reading, out);
}

/* ---- imports ---- */

static bool
is_reading(const struct reading *r, const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return false;
	for (; r != NULL; r = r->parent)
		if (r->file->dev == st.st_dev && r->file->ino == st.st_ino)
			return true;
	return false;
}

/* Whether the definition may import that file. */
static bool
check_import(struct loader *l, const struct source *s,
    const struct definition *def, const struct reading *by, const char *path)
{
	if (is_reading(by, path))
		source_report(s, DIAG_ERROR, def->resource, "import-cycle",
		    "%s imports this file or is this file: remove one of the "
		    "imports", path);
	else if (by->depth >= LOAD_DEPTH_MAX)
		source_report(s, DIAG_ERROR, def->resource, "import-depth",
		    "more than %d files import one another", LOAD_DEPTH_MAX);
	else if (l->n_reads >= LOAD_FILES_MAX)
		source_report(s, DIAG_ERROR, def->resource, "too-many-files",
		    "more than %d files in all", LOAD_FILES_MAX);
	else
		return true;
	return false;
}

static int
import_file(struct loader *l, const struct definition *def, const char *path,
    const struct reading *by, struct collection *out)
{
	struct collection sub;
	struct definition *route;
	int rc = 0;

	collection_init(&sub);
	load_file(l, path, by, &sub);
	TAILQ_FOREACH(route, &sub.list, link)
		if (rc == 0)
			rc = definition_override(route, def, &l->mem);
	if (rc == 0)
		rc = collection_merge(out, &sub);
	collection_clear(&sub);
	return rc;
}

static int
load_import(struct loader *l, const struct source *s,
    const struct definition *def, const struct reading *by,
    struct collection *out)
{
	struct files files;
	size_t i;
	int rc = 0;

	if (l->is_text) {
		source_report(s, DIAG_ERROR, def->resource, "import-in-text",
		    "only a file can import another");
		return 0;
	}
	import_find(&files, s, def);
	for (i = 0; i < files.n && rc == 0 && !diags_full(l->diags); i++)
		if (check_import(l, s, def, by, files.v[i]))
			rc = import_file(l, def, files.v[i], by, out);
	files_clear(&files);
	return rc;
}

/* ---- all of it ---- */

static void
loader_clear(struct loader *l)
{
	size_t i;

	for (i = 0; i < l->n_files; i++)
		yaml_doc_free(l->files[i].doc);
	free(l->files);
	arena_clear(&l->mem);
}

/* As far as the diagnostics are concerned. */
static void
sort_diags(const struct loader *l, size_t from)
{
	const char **names = calloc(l->n_files + 1, sizeof(*names));
	size_t i;

	for (i = 0; names != NULL && i < l->n_files; i++)
		names[i] = l->files[i].file;
	if (names != NULL)
		diags_sort_files(l->diags, from, names, l->n_files);
	free(names);
}

static int
compile_all(struct routes *r, struct loader *l, struct collection *all)
{
	struct definition *def;
	struct route route;

	TAILQ_FOREACH(def, &all->list, link) {
		definition_finish(def);
		route = (struct route){ .name = def->name,
		    .handler = def->handler, .file = def->file,
		    .line = def->line, .column = def->column };
		if (def->replaced != NULL) {
			route.replaced_file = def->replaced->file;
			route.replaced_line = def->replaced->line;
		}
		if (routes_add(r, &route, &def->spec, l->diags) == -1 &&
		    diags_full(l->diags))
			return -1;
	}
	return 0;
}

/* Compile what was read, or tell why not.  Ends the loader. */
static struct routes *
load_end(struct loader *l, struct collection *all, size_t diags_before,
    size_t errors_before)
{
	struct diags *d = l->diags;
	struct routes *r = routes_new();
	bool whole = r != NULL && compile_all(r, l, all) == 0 &&
	    routes_finish(r) == 0;

	if (!whole && d->errors == errors_before)
		diag_add(d, DIAG_ERROR, "routes", 0, 0, "out-of-memory",
		    "not enough memory for the routes");
	if (!whole || (d->errors != errors_before && !l->partial)) {
		routes_free(r);
		r = NULL;
	}
	sort_diags(l, diags_before);
	collection_clear(all);
	loader_clear(l);
	return r;
}

/* A route that an earlier file has, too, moves to the end; in version 0.3 it
 * takes that one's place. */
struct routes *
routes_load(const char *const *files, size_t n, unsigned how,
    struct diags *d)
{
	bool legacy = (how & ROUTES_LEGACY) != 0;
	struct loader l = { .diags = d, .legacy = legacy,
	    .partial = (how & ROUTES_PARTIAL) != 0 };
	size_t i, diags = d->n, errors = d->errors;
	struct collection all, file;

	collection_init(&all);
	for (i = 0; i < n && !diags_full(d); i++) {
		collection_init(&file);
		load_file(&l, files[i], NULL, legacy ? &all : &file);
		if (collection_merge(&all, &file) == -1)
			diag_add(d, DIAG_ERROR, files[i], 0, 0,
			    "out-of-memory", "not enough memory for the "
			    "routes");
		collection_clear(&file);
	}
	return load_end(&l, &all, diags, errors);
}

struct routes *
routes_load_text(const char *file, struct slice text, bool legacy,
    struct diags *d)
{
	struct loader l = { .diags = d, .legacy = legacy,
	    .is_text = true };
	size_t diags = d->n, errors = d->errors;
	const struct loaded none = { .file = file };
	const struct reading reading = { .file = &none };
	struct yaml_doc *doc = yaml_load_text(file, text, d);
	struct collection all;
	struct routes *r;

	collection_init(&all);
	if (doc != NULL)
		load_document(&l, doc, &reading, &all);
	r = load_end(&l, &all, diags, errors);
	yaml_doc_free(doc);
	return r;
}
