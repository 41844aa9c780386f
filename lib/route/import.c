/*
 * import.c: the files that a definition with "resource" imports.
 *
 * A resource is a file, a glob, or a folder, whose YAML files are taken in the
 * order of their names; it is relative to the folder of the importing file.
 * The order decides which route a topic finds first: it is that of Symfony.
 */
#include "route/import.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/path.h"

static const char *const yaml_types[] = { "yaml", "glob",
    "oro_websocket_routing_yaml", NULL };
static const char *const php_types[] = { "closure", "container", "php", "xml",
    NULL };

/* ---- lists of paths ---- */

static int
list_add(struct import_files *l, const char *path)
{
	char **v;

	if ((v = realloc(l->v, (l->n + 1) * sizeof(*v))) == NULL)
		return -1;
	l->v = v;
	if ((v[l->n] = strdup(path)) == NULL)
		return -1;
	l->n++;
	return 0;
}

void
import_clear(struct import_files *files)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		free(files->v[i]);
	free(files->v);
	*files = (struct import_files){ 0 };
}

static int
compare_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Numbers in names by their value: b9 before b10. */
static int
compare_natural(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* Append a path so that, in a pattern, it stands for itself. */
static int
add_literal(struct buf *out, struct slice path)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < path.len && rc == 0; i++) {
		if (strchr("*?[]{}\\", path.p[i]) != NULL)
			rc = buf_add_char(out, '\\');
		if (rc == 0)
			rc = buf_add_char(out, path.p[i]);
	}
	return rc;
}

/* As path_beside(), for a pattern. */
static int
pattern_beside(struct buf *out, const char *file, const char *pattern)
{
	const char *slash = strrchr(file, '/');

	if (pattern[0] != '/' && slash != NULL && add_literal(out,
	    slice_of(file, (size_t)(slash - file) + 1)) == -1)
		return -1;
	return buf_add_str(out, pattern) == 0 && buf_cstr(out) != NULL ? 0 :
	    -1;
}

static int
list_add_glob(struct import_files *l, const char *pattern)
{
	glob_t found;
	size_t i;
	int rc = 0;

	switch (glob(pattern, GLOB_BRACE | GLOB_NOSORT, NULL, &found)) {
	case 0:
		for (i = 0; i < found.gl_pathc && rc == 0; i++)
			rc = list_add(l, found.gl_pathv[i]);
		globfree(&found);
		return rc;
	case GLOB_NOMATCH:
		return 0;
	default:
		return -1;
	}
}

static int	list_add_deep(struct import_files *l, const char *pattern);

/* What matches folder/rest, and the same in all folders below.  Links are not
 * followed: they may lead in circles. */
static int
list_add_below(struct import_files *l, const char *folder, const char *rest)
{
	struct import_files below = { 0 };
	struct buf path = { 0 };
	struct stat st;
	size_t i, start;
	int rc = -1;

	if (add_literal(&path, slice_str(folder)) == -1 ||
	    buf_add_char(&path, '/') == -1)
		goto out;
	start = path.len;
	if (buf_add_str(&path, rest) == -1 || buf_cstr(&path) == NULL ||
	    list_add_deep(l, path.data) == -1)
		goto out;
	path.len = start;
	if (buf_add_char(&path, '*') == -1 || buf_cstr(&path) == NULL ||
	    list_add_glob(&below, path.data) == -1)
		goto out;
	for (i = 0; i < below.n; i++)
		if (lstat(below.v[i], &st) == 0 && S_ISDIR(st.st_mode) &&
		    list_add_below(l, below.v[i], rest) == -1)
			goto out;
	rc = 0;
out:
	import_clear(&below);
	buf_clear(&path);
	return rc;
}

/* In a pattern, two stars alone between slashes stand for any folders, also for
 * none. */
static int
list_add_deep(struct import_files *l, const char *pattern)
{
	const char *deep = strstr(pattern, "/**/");
	struct import_files folders = { 0 };
	char *start;
	size_t i;
	int rc;

	if (strncmp(pattern, "**/", 3) == 0)
		return list_add_below(l, ".", pattern + 3);
	if (deep == NULL)
		return list_add_glob(l, pattern);
	start = strndup(pattern, deep > pattern ? (size_t)(deep - pattern) :
	    1);
	if (start == NULL)
		return -1;
	rc = list_add_glob(&folders, start);
	for (i = 0; i < folders.n && rc == 0; i++)
		rc = list_add_below(l, folders.v[i], deep + strlen("/**/"));
	import_clear(&folders);
	free(start);
	return rc;
}

/* The files of a pattern, in the order that Symfony takes them in. */
static int
list_add_pattern(struct import_files *l, const char *pattern)
{
	size_t before = l->n;
	int rc = list_add_deep(l, pattern);

	if (l->n > before)
		qsort(l->v + before, l->n - before, sizeof(*l->v),
		    strstr(pattern, "/**/") != NULL ? compare_bytes :
		    compare_natural);
	return rc;
}

static bool
is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL &&
	    (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static int
is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && is_yaml(entry->d_name);
}

static int
list_add_folder(struct import_files *l, const char *folder)
{
	struct buf path = { 0 };
	struct dirent **entries;
	int i, n, rc = 0;

	if ((n = scandir(folder, &entries, is_wanted, versionsort)) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		buf_reset(&path);
		if (rc == 0)
			rc = buf_addf(&path, "%s/%s", folder,
			    entries[i]->d_name);
		if (rc == 0)
			rc = buf_cstr(&path) != NULL ?
			    list_add(l, path.data) : -1;
		free(entries[i]);
	}
	free(entries);
	buf_clear(&path);
	return rc;
}

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

/* The files at path, or of that pattern; whether that may be several. */
static bool
find_resource(struct import_files *out, const struct source *s,
    const struct yaml_node *n, bool is_glob, const char *path)
{
	bool is_folder = false;
	struct stat st;
	int rc = 0;

	if (is_glob)
		rc = list_add_pattern(out, path);
	else if (stat(path, &st) == -1)
		source_report(s, DIAG_ERROR, n, "missing-file", "cannot "
		    "import %s: %s", path, strerror(errno));
	else if ((is_folder = S_ISDIR(st.st_mode)))
		rc = list_add_folder(out, path);
	else
		rc = list_add(out, path);
	if (rc == -1)
		source_report(s, DIAG_ERROR, n, "missing-file", "cannot look "
		    "for the files of %s: %s", path, strerror(errno));
	return is_glob || is_folder;
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
		source_report(s, DIAG_ERROR, n, "bundle-file", "where %s is "
		    "only Symfony knows: write the path of the file", text);
	else
		return text;
	return NULL;
}

/* ---- what it leaves out ---- */

/* Whether path is one of the excluded, or below one. */
static bool
is_excluded(const char *path, const struct import_files *excluded)
{
	char real[PATH_MAX], other[PATH_MAX];
	size_t i, len;

	if (excluded->n == 0 || realpath(path, real) == NULL)
		return false;
	for (i = 0; i < excluded->n; i++) {
		if (realpath(excluded->v[i], other) == NULL)
			continue;
		len = strlen(other);
		if (strncmp(real, other, len) == 0 &&
		    (real[len] == '\0' || real[len] == '/'))
			return true;
	}
	return false;
}

static void
find_excluded(struct import_files *out, const struct source *s,
    const struct yaml_node *n, struct buf *path)
{
	const char *text = source_text(s, n, "what is excluded");
	size_t before = out->n;

	if (text == NULL)
		return;
	buf_reset(path);
	if (pattern_beside(path, s->file, text) == -1 ||
	    list_add_pattern(out, path->data) == -1)
		source_out_of_memory(s, n);
	else if (out->n == before)
		source_report(s, DIAG_WARNING, n, "empty-exclude", "there is "
		    "no file %s: remove it", path->data);
}

static void
drop_excluded(struct import_files *files, const struct source *s,
    const struct yaml_node *n, struct buf *path)
{
	struct import_files excluded = { 0 };
	size_t i, kept = 0;

	if (n == NULL)
		return;
	if (n->kind == YAML_LIST)
		for (i = 0; i < n->n; i++)
			find_excluded(&excluded, s, n->items[i], path);
	else
		find_excluded(&excluded, s, n, path);
	for (i = 0; i < files->n; i++)
		if (is_excluded(files->v[i], &excluded))
			free(files->v[i]);
		else
			files->v[kept++] = files->v[i];
	files->n = kept;
	import_clear(&excluded);
}

/* Folders that a glob finds are passed over, and so they are in PHP. */
static void
check_files(struct import_files *files, const struct source *s,
    const struct yaml_node *n)
{
	size_t i, kept = 0;
	struct stat st;

	for (i = 0; i < files->n; i++) {
		char *path = files->v[i];

		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			free(path);
		} else if (!is_yaml(path)) {
			source_report(s, DIAG_ERROR, n, "import-type", "%s is "
			    "no YAML file: its name must end in .yml or "
			    ".yaml", path);
			free(path);
		} else {
			files->v[kept++] = path;
		}
	}
	files->n = kept;
}

void
import_find(struct import_files *out, const struct source *s,
    const struct definition *def)
{
	const char *text = check_resource(s, def->resource);
	size_t before = s->diags->errors;
	struct buf path = { 0 };
	bool is_glob, several;

	*out = (struct import_files){ 0 };
	if (!check_type(s, def->type) || text == NULL)
		return;
	is_glob = strpbrk(text, "*?[{") != NULL;
	if ((is_glob ? pattern_beside : path_beside)(&path, s->file,
	    text) == -1) {
		source_out_of_memory(s, def->resource);
	} else {
		several = find_resource(out, s, def->resource, is_glob,
		    path.data);
		check_files(out, s, def->resource);
		if (several)
			drop_excluded(out, s, def->exclude, &path);
		else if (def->exclude != NULL)
			source_report(s, DIAG_WARNING, def->exclude,
			    "ignored-key", "only of a glob or a folder can "
			    "files be left out: remove it");
	}
	if (out->n == 0 && s->diags->errors == before)
		source_report(s, DIAG_WARNING, def->resource, "empty-import",
		    "there is no file %s to import", text);
	buf_clear(&path);
}
