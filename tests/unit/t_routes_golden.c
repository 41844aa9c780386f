/*
 * t_routes_golden.c: what routing files are read as, and what is said about
 * their faults.
 *
 * For each tests/route/in/X.yml the routes found, with their regular
 * expressions and defaults, and the diagnostics must be tests/route/ok/X.txt;
 * files whose name starts with legacy_ are in that grammar, and those with
 * lint_ are searched for what is hardly meant.
 * "t_routes_golden -u" writes these files anew: read the difference before you
 * commit it.
 */
#include "route/load.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "route/lint.h"
#include "route/pattern.h"
#include "tap.h"

static void
print_route(const struct routes *r, size_t i, FILE *out)
{
	const struct route *route = routes_at(r, i);
	const struct pattern *p = routes_pattern(r, i);
	size_t k;

	fprintf(out, "%s:%u:%u: %s: %s -> %s\n", route->file, route->line,
	    route->column, route->name, route->channel, route->handler);
	if (p->regex != NULL)
		fprintf(out, "    %s\n", p->regex);
	for (k = 0; k < p->spec.n_defaults; k++)
		fprintf(out, "    %s = %s\n", p->spec.defaults[k].name,
		    p->spec.defaults[k].value.p);
}

/* What the file yields, as text that the caller frees. */
static char *
outcome_text(const char *path)
{
	struct diags d = { 0 };
	bool legacy = strstr(path, "/legacy_") != NULL;
	struct routes *r = routes_load(&path, 1,
	    legacy ? ROUTES_LEGACY : 0, &d);
	size_t i, size = 0;
	char *text = NULL;
	FILE *out;

	if ((out = open_memstream(&text, &size)) == NULL)
		abort();
	for (i = 0; r != NULL && i < routes_count(r); i++)
		print_route(r, i, out);
	if (r != NULL && strstr(path, "/lint_") != NULL)
		routes_lint(r, &d);
	diag_print(&d, out);
	fclose(out);
	routes_free(r);
	diag_clear(&d);
	return text;
}

/* "tests/route/in/X.yml" gives "tests/route/ok/X.txt". */
static void
expected_path(char *out, size_t size, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	(void)snprintf(out, size, "tests/route/ok/%.*s.txt",
	    (int)strcspn(name, "."), name);
}

static void
check_file(const char *path, bool update)
{
	char *got = outcome_text(path);
	struct buf want = { 0 };
	struct errbuf e;
	char ok[256];

	expected_path(ok, sizeof(ok), path);
	if (update) {
		tap_ok(io_replace_file(ok, slice_str(got), 0644, &e) == 0,
		    "%s is written", ok);
	} else {
		tap_ok(io_read_file(&want, ok, 1 << 20, &e) == 0,
		    "%s can be read", ok);
		tap_str(got, buf_cstr(&want), "%s is read as before", path);
	}
	buf_clear(&want);
	free(got);
}

int
main(int argc, char **argv)
{
	bool update = argc == 2 && strcmp(argv[1], "-u") == 0;
	glob_t files;
	size_t i;

	if (tap_int(glob("tests/route/in/*.yml", 0, NULL, &files), 0,
	    "there are files to read")) {
		for (i = 0; i < files.gl_pathc; i++)
			check_file(files.gl_pathv[i], update);
		globfree(&files);
	}
	return tap_done();
}
