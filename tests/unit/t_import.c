/*
 * t_import.c: how far imports go, in files that the test writes itself.
 */
#include "route/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "route/table.h"
#include "tap.h"

#define PATH_SIZE	64

static void
path_of(char out[PATH_SIZE], const char *folder, int number)
{
	(void)snprintf(out, PATH_SIZE, "%s/%d.yml", folder, number);
}

/* A file that imports another so many times; none when to is negative. */
static void
write_file(const char *folder, int number, int to, int times)
{
	char path[PATH_SIZE];
	FILE *f;
	int i;

	path_of(path, folder, number);
	if ((f = fopen(path, "w")) == NULL) {
		tap_ok(false, "%s can be written", path);
		return;
	}
	fprintf(f, "route%d: {channel: 'c/%d', handler: h}\n", number, number);
	for (i = 0; i < times; i++)
		fprintf(f, "import%d: {resource: %d.yml}\n", i, to);
	fclose(f);
}

static void
remove_files(const char *folder, int n)
{
	char path[PATH_SIZE];
	int i;

	for (i = 0; i < n; i++) {
		path_of(path, folder, i);
		(void)unlink(path);
	}
}

/* Load the first file: how many routes, or the rule that is broken. */
static void
load(const char *folder, size_t want, const char *rule, const char *name)
{
	char path[PATH_SIZE];
	const char *file = path;
	struct diags d = { 0 };
	struct routes *r;

	path_of(path, folder, 0);
	r = routes_load(&file, 1, 0, &d);
	if (rule == NULL) {
		tap_int(d.n, 0, "%s: no complaint", name);
		tap_int(r != NULL ? routes_count(r) : 0, want, "%s", name);
	} else {
		tap_ok(r == NULL, "%s: refused", name);
		tap_str(d.n > 0 ? d.v[0].rule : NULL, rule, "%s", name);
	}
	routes_free(r);
	diag_clear(&d);
}

static void
test_chain(const char *folder, int n, const char *rule, const char *name)
{
	int i;

	for (i = 0; i < n; i++)
		write_file(folder, i, i + 1, i + 1 < n);
	load(folder, (size_t)n, rule, name);
	remove_files(folder, n);
}

/* Each file imports the next ten times: the last is read 10 to the n times. */
static void
test_fan(const char *folder, int n, const char *rule, const char *name)
{
	int i;

	for (i = 0; i < n; i++)
		write_file(folder, i, i + 1, i + 1 < n ? 10 : 0);
	load(folder, (size_t)n, rule, name);
	remove_files(folder, n);
}

static void
test_link_to_itself(const char *folder)
{
	char path[PATH_SIZE];

	write_file(folder, 0, 1, 1);
	path_of(path, folder, 1);
	tap_int(symlink("0.yml", path), 0, "a link");
	load(folder, 0, "import-cycle", "a file under another name is itself");
	remove_files(folder, 2);
}

/* A pattern takes no part of what a folder is called for one. */
static void
test_odd_folders(const char *folder)
{
	static const char text[] = "a: {resource: '**/[1-9].yml'}\n"
	    "route0: {channel: c/0, handler: h}\n";
	char odd[PATH_SIZE / 2], below[PATH_SIZE / 2 + 4], path[PATH_SIZE];
	struct errbuf e;

	(void)snprintf(odd, sizeof(odd), "%s/[1]*", folder);
	(void)snprintf(below, sizeof(below), "%s/{x}", odd);
	tap_ok(mkdir(odd, 0700) == 0 && mkdir(below, 0700) == 0, "folders");
	path_of(path, odd, 0);
	tap_int(io_replace_file(path, slice_str(text), 0600, &e), 0,
	    "%s is written", path);
	write_file(odd, 1, -1, 0);
	write_file(below, 2, -1, 0);
	load(odd, 3, NULL, "a pattern beside and in odd folders");
	remove_files(odd, 2);
	remove_files(below, 3);
	(void)rmdir(below);
	(void)rmdir(odd);
}

/* The names of the routes of 0.yml and 1.yml in order, where each has one that
 * the other has not. */
static void
test_twice(const char *folder, bool legacy, const char *want)
{
	static const char *const texts[] = {
	    "a: {channel: first, handler: {callback: h}}\n"
	    "b: {channel: b, handler: {callback: h}}\n",
	    "c: {channel: c, handler: {callback: h}}\n"
	    "a: {channel: second, handler: {callback: h}}\n" };
	char paths[2][PATH_SIZE];
	const char *files[] = { paths[0], paths[1] };
	struct diags d = { 0 };
	struct buf got = { 0 };
	struct errbuf e;
	struct routes *r;
	size_t i;

	for (i = 0; i < 2; i++) {
		path_of(paths[i], folder, (int)i);
		tap_int(io_replace_file(paths[i], slice_str(texts[i]), 0600,
		    &e), 0, "%s is written", paths[i]);
	}
	r = routes_load(files, 2, legacy ? ROUTES_LEGACY : 0, &d);
	for (i = 0; r != NULL && i < routes_count(r); i++)
		(void)buf_addf(&got, "%s ", routes_at(r, i)->channel);
	tap_str(buf_cstr(&got), want, "the order of routes in %s files",
	    legacy ? "legacy" : "two");
	routes_free(r);
	buf_clear(&got);
	diag_clear(&d);
	remove_files(folder, 2);
}

/* ---- what excludes cost ---- */

static size_t resolved;		/* paths */

/* In the place of the C library's. */
char *
realpath(const char *path, char *out)
{
	resolved++;
	return out == NULL ? canonicalize_file_name(path) : NULL;
}

static void
test_excludes(const char *folder, int n)
{
	char path[PATH_SIZE];
	FILE *f;
	int i;

	for (i = 0; i < n; i++)
		write_file(folder, i, 0, 0);
	path_of(path, folder, 0);
	if ((f = fopen(path, "w")) == NULL)
		abort();
	fprintf(f, "all: {resource: '[1-9]*.yml', exclude: '*[0-8].yml'}\n");
	fclose(f);
	resolved = 0;
	load(folder, (size_t)n / 10, NULL, "most files are excluded");
	tap_ok(resolved <= 2 * (size_t)n, "each path is resolved once, not "
	    "for each other: %zu times", resolved);
	remove_files(folder, n);
}

int
main(void)
{
	char folder[] = "/tmp/t_import.XXXXXX";

	if (!tap_ok(mkdtemp(folder) != NULL, "a folder for files"))
		return tap_done();
	test_chain(folder, 33, NULL, "a chain of imports");
	test_chain(folder, 34, "import-depth", "a chain that is too long");
	test_fan(folder, 3, NULL, "a file is imported many times");
	test_fan(folder, 6, "too-many-files", "imports of imports explode");
	test_link_to_itself(folder);
	test_odd_folders(folder);
	test_excludes(folder, 200);
	test_twice(folder, false, "b c second ");
	test_twice(folder, true, "second b c ");
	(void)rmdir(folder);
	return tap_done();
}
