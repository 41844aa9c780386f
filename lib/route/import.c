/*
 * import.c: the files that a definition with "resource" imports.
 *
 * A resource is a file, a glob, or a folder, whose YAML files are taken in the
 * order of their names; it is relative to the folder of the importing file.
 * The order decides which route a topic finds first: it is that of Symfony.
 */
#include "route/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/path.h"
#include "route/lint_channel.h"

static const char *const yaml_types[] = { "yaml", "glob",
    "oro_websocket_routing_yaml", NULL };
static const char *const php_types[] = { "closure", "container", "php", "xml",
    NULL };

/* ---- what the definition names ---- */

static bool
is_word(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool
check_type(const struct source *s, const struct yaml_node *n)
{
	const char *type;

	if (n == NULL)
		return true;
	if ((type = source_text(s, n, "the type")) == NULL)
		return false;
	if (is_word(type, yaml_types))
		return true;
	source_report(s, DIAG_ERROR, n, "import-type", is_word(type,
	    php_types) ? "files of the type \"%s\" need PHP: write the "
	    "routes in YAML" : "unknown type \"%s\": write yaml or glob, or "
	    "leave it out", type);
	return false;
}

/* Whether the text has a "%name%", which is why no file was found. */
static bool
report_parameter(const struct source *s, const struct yaml_node *n,
    const char *text)
{
	struct slice parameter;
	size_t at = 0;

	if (!lint_find_parameter(slice_str(text), &at, &parameter))
		return false;
	source_report(s, DIAG_ERROR, n, "container-parameter", "nothing is "
	    "imported, because only Symfony knows the value of %.*s: write the "
	    "path", (int)parameter.len, parameter.p);
	return true;
}

/* The file at path, or those of the folder there; whether it is one. */
static bool
find_at(struct files *out, const struct source *s, const struct yaml_node *n,
    const char *path)
{
	struct errbuf e;
	struct stat st;
	int why;

	if (stat(path, &st) == -1) {
		why = errno;
		if (!report_parameter(s, n, path))
			source_report(s, DIAG_ERROR, n, "missing-file",
			    "cannot import %s: %s", path, strerror(why));
		return false;
	}
	if (!S_ISDIR(st.st_mode) && files_add(out, path) == -1)
		source_out_of_memory(s, n);
	else if (S_ISDIR(st.st_mode) && files_in(out, path, &e) == -1)
		source_report(s, DIAG_ERROR, n, "missing-file", "%s", e.msg);
	else
		return S_ISDIR(st.st_mode);
	return false;
}

/* The files that the text names; whether it may name several. */
static bool
find_resource(struct files *out, const struct source *s,
    const struct yaml_node *n, const char *text)
{
	struct buf path = { 0 };
	bool several = true;
	struct errbuf e;

	if (files_is_pattern(text)) {
		if (files_find(out, s->file, text, &e) == -1)
			source_report(s, DIAG_ERROR, n, "missing-file",
			    "cannot look for the files of %s: %s", text,
			    e.msg);
	} else if (path_beside(&path, s->file, text) == -1) {
		source_out_of_memory(s, n);
	} else {
		several = find_at(out, s, n, path.data);
	}
	buf_clear(&path);
	return several;
}

static const char *
check_resource(const struct source *s, const struct yaml_node *n)
{
	const char *text = source_text(s, n, "the resource");

	if (text == NULL)
		return NULL;
	if (strstr(text, "://") != NULL)
		source_report(s, DIAG_ERROR, n, "remote-file", "%s is not on "
		    "this machine: only local files are imported", text);
	else if (text[0] == '@')
		source_report(s, DIAG_ERROR, n, "bundle-file", "only Symfony "
		    "knows where %s is: write the path of the file", text);
	else
		return text;
	return NULL;
}

/* ---- what it leaves out ---- */

/* Whether the real path is one of the excluded, or below one. */
static bool
is_excluded(char *real, const struct files *excluded)
{
	char *key = real, *end = real + strlen(real);
	bool found = false;

	while (!found && end > real) {
		*end = '\0';
		found = bsearch(&key, excluded->v, excluded->n, sizeof(char *),
		    files_compare) != NULL;
		while (--end > real && *end != '/')
			;
	}
	return found;
}

/* Replace each by its real path, in an order to search in. */
static void
resolve_all(struct files *files)
{
	size_t i, kept = 0;
	char *real;

	for (i = 0; i < files->n; i++) {
		real = realpath(files->v[i], NULL);
		free(files->v[i]);
		if (real != NULL)
			files->v[kept++] = real;
	}
	files->n = kept;
	if (kept > 0)
		qsort(files->v, kept, sizeof(*files->v), files_compare);
}

static void
find_excluded(struct files *out, const struct source *s,
    const struct yaml_node *n)
{
	const char *text = source_text(s, n, "what is excluded");
	struct buf path = { 0 };
	size_t before = out->n;
	struct errbuf e;

	if (text == NULL)
		return;
	if (path_beside(&path, s->file, text) == -1)
		source_out_of_memory(s, n);
	else if (files_find(out, s->file, text, &e) == -1)
		source_report(s, DIAG_ERROR, n, "missing-file", "cannot look "
		    "for the files of %s: %s", path.data, e.msg);
	else if (out->n == before)
		source_report(s, DIAG_WARNING, n, "empty-exclude", "there is "
		    "no file %s: remove it", path.data);
	buf_clear(&path);
}

static void
drop_excluded(struct files *files, const struct source *s,
    const struct yaml_node *n)
{
	struct files excluded = { 0 };
	size_t i, kept = 0;
	char *real;

	if (n == NULL)
		return;
	if (n->kind == YAML_LIST)
		for (i = 0; i < n->n; i++)
			find_excluded(&excluded, s, n->items[i]);
	else
		find_excluded(&excluded, s, n);
	resolve_all(&excluded);
	if (excluded.n == 0)
		goto out;
	for (i = 0; i < files->n; i++) {
		real = realpath(files->v[i], NULL);
		if (real != NULL && is_excluded(real, &excluded))
			free(files->v[i]);
		else
			files->v[kept++] = files->v[i];
		free(real);
	}
	files->n = kept;
out:
	files_clear(&excluded);
}

/* Folders that a glob finds are passed over, and so they are in PHP. */
static void
check_files(struct files *files, const struct source *s,
    const struct yaml_node *n)
{
	size_t i, kept = 0;
	struct stat st;

	for (i = 0; i < files->n; i++) {
		char *path = files->v[i];

		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			free(path);
		} else if (!files_is_yaml(path)) {
			source_report(s, DIAG_ERROR, n, "import-type", "%s is "
			    "not a YAML file: its name must end in .yml or "
			    ".yaml", path);
			free(path);
		} else {
			files->v[kept++] = path;
		}
	}
	files->n = kept;
}

void
import_find(struct files *out, const struct source *s,
    const struct definition *def)
{
	const char *text = check_resource(s, def->resource);
	size_t before = s->diags->errors;
	bool several;

	*out = (struct files){ 0 };
	if (!check_type(s, def->type) || text == NULL)
		return;
	several = find_resource(out, s, def->resource, text);
	check_files(out, s, def->resource);
	if (several)
		drop_excluded(out, s, def->exclude);
	else if (def->exclude != NULL)
		source_report(s, DIAG_WARNING, def->exclude, "ignored-key",
		    "files can only be excluded from a glob or a folder: "
		    "remove it");
	if (out->n == 0 && s->diags->errors == before &&
	    !report_parameter(s, def->resource, text))
		source_report(s, DIAG_WARNING, def->resource, "empty-import",
		    "there is no file %s to import", text);
}
