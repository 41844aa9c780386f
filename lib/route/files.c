/*
 * files.c: lists of files, and the patterns that stand for them.
 *
 * Braces and ** are taken apart here and the rest is left to glob(3): its own
 * braces have no bound, and ** it does not know.
 */
#include "route/files.h"

#include <dirent.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/slice.h"

#define FOLDERS_MAX	20000	/* that one pattern may look into */
#define BRACES_MAX	4096	/* steps to take a pattern's braces apart */

/* One pattern being looked for. */
struct finder {
	struct files  *out;	/* borrowed */
	struct errbuf *e;	/* borrowed */
	size_t	       folders;	/* looked into */
	size_t	       braces;	/* steps taken */
};

/* ---- lists ---- */

int
files_add(struct files *l, const char *path)
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
files_clear(struct files *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct files){ 0 };
}

static int
no_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

int
files_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Numbers in names by their value: b9 before b10. */
static int
compare_natural(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* Order those from number `from` on, and drop what was found twice. */
static void
list_settle(struct files *l, size_t from, bool natural)
{
	size_t i, kept = from;

	if (l->n == from)
		return;
	qsort(l->v + from, l->n - from, sizeof(*l->v),
	    natural ? compare_natural : files_compare);
	for (i = from; i < l->n; i++)
		if (kept > from && strcmp(l->v[kept - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[kept++] = l->v[i];
	l->n = kept;
}

/* ---- patterns ---- */

bool
files_is_pattern(const char *text)
{
	return strpbrk(text, "*?[{") != NULL;
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
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;

	if (pattern[0] != '/' && slash != NULL && add_literal(out,
	    slice_of(file, (size_t)(slash - file) + 1)) == -1)
		return -1;
	return buf_add_str(out, pattern) == 0 && buf_cstr(out) != NULL ? 0 :
	    -1;
}

/* ---- one without braces ---- */

static int
find_plain(struct finder *f, struct files *out, const char *pattern)
{
	glob_t found;
	size_t i;
	int rc;

	if ((rc = glob(pattern, GLOB_NOSORT, NULL, &found)) != 0) {
		if (rc == GLOB_NOMATCH)
			return 0;
		err_set_errno(f->e, "cannot look for %s", pattern);
		return -1;
	}
	for (i = 0; i < found.gl_pathc && rc == 0; i++)
		if (out->n >= FILES_MAX) {
			err_set(f->e, "%s finds more than %d files", pattern,
			    FILES_MAX);
			rc = -1;
		} else if (files_add(out, found.gl_pathv[i]) == -1) {
			rc = no_memory(f->e);
		}
	globfree(&found);
	return rc;
}

static int	find_deep(struct finder *f, const char *pattern);

/* What matches folder/rest, and the same in all folders below.  Links are not
 * followed: they may lead in circles. */
static int
find_below(struct finder *f, const char *folder, const char *rest)
{
	struct files below = { 0 };
	struct buf path = { 0 };
	struct stat st;
	size_t i, start;
	int rc = -1;

	if (f->folders++ == FOLDERS_MAX) {
		err_set(f->e, "it looks into more than %d folders",
		    FOLDERS_MAX);
		return -1;
	}
	if (add_literal(&path, slice_str(folder)) == -1 ||
	    buf_add_char(&path, '/') == -1)
		goto nomem;
	start = path.len;
	if (buf_add_str(&path, rest) == -1 || buf_cstr(&path) == NULL)
		goto nomem;
	if (find_deep(f, path.data) == -1)
		goto out;
	path.len = start;
	if (buf_add_char(&path, '*') == -1 || buf_cstr(&path) == NULL)
		goto nomem;
	if (find_plain(f, &below, path.data) == -1)
		goto out;
	for (i = 0; i < below.n; i++)
		if (lstat(below.v[i], &st) == 0 && S_ISDIR(st.st_mode) &&
		    find_below(f, below.v[i], rest) == -1)
			goto out;
	rc = 0;
	goto out;
nomem:
	(void)no_memory(f->e);
out:
	files_clear(&below);
	buf_clear(&path);
	return rc;
}

/* Several of them in a row say no more than one, and take their product. */
static const char *
skip_stars(const char *rest)
{
	while (strncmp(rest, "**/", 3) == 0)
		rest += 3;
	return rest;
}

/* In a pattern, two stars alone between slashes stand for any folders, also for
 * none. */
static int
find_deep(struct finder *f, const char *pattern)
{
	const char *deep = strstr(pattern, "/**/");
	struct files folders = { 0 };
	char *start;
	size_t i;
	int rc;

	if (strncmp(pattern, "**/", 3) == 0)
		return find_below(f, ".", skip_stars(pattern));
	if (deep == NULL)
		return find_plain(f, f->out, pattern);
	start = strndup(pattern, deep > pattern ? (size_t)(deep - pattern) :
	    1);
	if (start == NULL)
		return no_memory(f->e);
	rc = find_plain(f, &folders, start);
	for (i = 0; i < folders.n && rc == 0; i++)
		rc = find_below(f, folders.v[i], skip_stars(deep + 1));
	files_clear(&folders);
	free(start);
	return rc;
}

/* ---- braces ---- */

/* The next of the characters in s from `at` on that is not escaped; s.len
 * without one. */
static size_t
find_char(struct slice s, size_t at, const char *chars)
{
	for (; at < s.len; at++) {
		if (s.p[at] == '\\')
			at++;
		else if (strchr(chars, s.p[at]) != NULL)
			return at;
	}
	return s.len;
}

/* Where the alternative that begins at `at` ends: at a comma, or at the brace
 * that closes them all; s.len when none does. */
static size_t
alternative_end(struct slice s, size_t at)
{
	size_t depth = 0;

	while ((at = find_char(s, at, "{,}")) < s.len) {
		if (s.p[at] == '{')
			depth++;
		else if (depth == 0)
			return at;
		else if (s.p[at] == '}')
			depth--;
		at++;
	}
	return s.len;
}

/* Where the first pair of braces that has anything inside opens and closes. */
static bool
find_braces(struct slice s, size_t *open, size_t *close)
{
	for (*open = 0; (*open = find_char(s, *open, "{")) < s.len; ++*open) {
		if (*open + 1 < s.len && s.p[*open + 1] == '}')
			continue;
		*close = *open;
		do
			*close = alternative_end(s, *close + 1);
		while (*close < s.len && s.p[*close] == ',');
		return *close < s.len;
	}
	return false;
}

/* Find the pattern once for each alternative of its first braces. */
static int
find_alternatives(struct finder *f, const char *pattern)
{
	struct slice s = slice_str(pattern);
	struct buf one = { 0 };
	size_t open, close, at, end;
	int rc = 0;

	if (!find_braces(s, &open, &close))
		return find_deep(f, pattern);
	for (at = open + 1; at <= close && rc == 0; at = end + 1) {
		end = alternative_end(s, at);
		buf_reset(&one);
		if (f->braces++ == BRACES_MAX) {
			err_set(f->e, "its braces stand for too many "
			    "patterns");
			rc = -1;
		} else if (buf_add(&one, s.p, open) == -1 ||
		    buf_add(&one, s.p + at, end - at) == -1 ||
		    buf_add_str(&one, s.p + close + 1) == -1 ||
		    buf_cstr(&one) == NULL) {
			rc = no_memory(f->e);
		} else {
			rc = find_alternatives(f, one.data);
		}
	}
	buf_clear(&one);
	return rc;
}

int
files_find(struct files *l, const char *beside, const char *pattern,
    struct errbuf *e)
{
	struct finder f = { .out = l, .e = e };
	struct buf path = { 0 };
	size_t before = l->n;
	int rc;

	if (strlen(pattern) >= PATH_MAX) {
		err_set(e, "longer than the %d bytes a path may have",
		    PATH_MAX - 1);
		return -1;
	}
	rc = pattern_beside(&path, beside, pattern) == -1 ? no_memory(e) :
	    find_alternatives(&f, path.data);
	list_settle(l, before, strstr(pattern, "/**/") == NULL &&
	    strncmp(pattern, "**/", 3) != 0);
	buf_clear(&path);
	return rc;
}

/* ---- folders and names ---- */

bool
files_is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL &&
	    (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static int
is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && files_is_yaml(entry->d_name);
}

int
files_in(struct files *l, const char *folder, struct errbuf *e)
{
	struct buf path = { 0 };
	struct dirent **entries;
	int i, n, rc = 0;

	if ((n = scandir(folder, &entries, is_wanted, versionsort)) == -1) {
		err_set_errno(e, "cannot look into %s", folder);
		return -1;
	}
	for (i = 0; i < n; i++) {
		buf_reset(&path);
		if (rc == 0 && (buf_addf(&path, "%s/%s", folder,
		    entries[i]->d_name) == -1 || buf_cstr(&path) == NULL ||
		    files_add(l, path.data) == -1))
			rc = no_memory(e);
		free(entries[i]);
	}
	free(entries);
	buf_clear(&path);
	return rc;
}

/* Which file a path leads to. */
struct identity {
	dev_t dev;
	ino_t ino;
};

static int
compare_identities(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/* Those that are there, in an order to search in; how many. */
static size_t
identify(struct identity *ids, const char *const *paths, size_t n)
{
	struct stat st;
	size_t i, there = 0;

	for (i = 0; i < n; i++)
		if (stat(paths[i], &st) == 0)
			ids[there++] = (struct identity){ st.st_dev,
			    st.st_ino };
	qsort(ids, there, sizeof(*ids), compare_identities);
	return there;
}

/* Keep those from number `from` on that are no folders and not known.  How
 * many files there were, known or not. */
static size_t
list_keep_new(struct files *l, size_t from, const struct identity *ids,
    size_t n)
{
	size_t i, kept = from, files = 0;
	struct stat st;

	for (i = from; i < l->n; i++) {
		bool is_there = stat(l->v[i], &st) == 0;
		const struct identity id = { is_there ? st.st_dev : 0,
		    is_there ? st.st_ino : 0 };
		bool is_file = !is_there || !S_ISDIR(st.st_mode);

		files += is_file;
		if (is_file && (!is_there || bsearch(&id, ids, n, sizeof(id),
		    compare_identities) == NULL))
			l->v[kept++] = l->v[i];
		else
			free(l->v[i]);
	}
	l->n = kept;
	return files;
}

/* Append what the pattern finds.  0, or -1 with *e filled. */
static int
named_by_pattern(struct files *l, const char *const *known, size_t n,
    const char *beside, const char *word, struct errbuf *e)
{
	struct identity *ids = calloc(n + 1, sizeof(*ids));
	size_t before = l->n;
	int rc = -1;

	if (ids == NULL)
		return no_memory(e);
	if (files_find(l, beside, word, e) == -1)
		err_wrap(e, "%s", word);
	else if (list_keep_new(l, before, ids, identify(ids, known, n)) == 0)
		err_set(e, "no file matches %s", word);
	else
		rc = 0;
	free(ids);
	return rc;
}

int
files_named(struct files *l, const char *const *known, size_t n,
    const char *beside, const char *word, struct errbuf *e)
{
	struct buf path = { 0 };
	struct stat st;
	int rc;

	if (path_beside(&path, beside, word) == -1)
		rc = no_memory(e);
	else if (files_is_pattern(word) && lstat(path.data, &st) == -1)
		rc = named_by_pattern(l, known, n, beside, word, e);
	else
		rc = files_add(l, path.data) == 0 ? 0 : no_memory(e);
	buf_clear(&path);
	return rc;
}
