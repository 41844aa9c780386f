/*
 * report_junit.c: the diagnostics of routing files, as JUnit's XML.
 */
#include <string.h>

#include "base/printable.h"
#include "base/slice.h"
#include "routes/report.h"

/* Whether XML allows the character: not the last two of each plane. */
static bool
is_forbidden(const struct buf *text, size_t i)
{
	return i >= 2 && memcmp(text->data + i - 2, "\xef\xbf", 2) == 0 &&
	    (unsigned char)text->data[i] >= 0xbe;
}

/* Add text, also for an attribute.  printable_add() removes control characters,
 * which XML cannot represent. */
static int
add_text(struct buf *out, const char *text)
{
	struct buf plain = { 0 };
	const char *as;
	size_t i;
	int rc = printable_add(&plain, slice_str(text));

	for (i = 0; i < plain.len && rc == 0; i++) {
		switch (plain.data[i]) {
		case '&': as = "&amp;"; break;
		case '<': as = "&lt;"; break;
		case '>': as = "&gt;"; break;
		case '"': as = "&quot;"; break;
		default: as = NULL; break;
		}
		if (is_forbidden(&plain, i))
			plain.data[i] = (char)0xbd;	/* U+FFFD */
		rc = as != NULL ? buf_add_str(out, as) :
		    buf_add_char(out, plain.data[i]);
	}
	buf_clear(&plain);
	return rc;
}

static bool
is_failure(const struct diag *g, bool strict)
{
	return strict || g->level == DIAG_ERROR;
}

/* The next diagnostic of the file, from index *from on; NULL: none. */
static const struct diag *
next_of_file(const struct diags *d, size_t *from, const char *file)
{
	while (*from < d->n)
		if (strcmp(d->v[(*from)++].file, file) == 0)
			return &d->v[*from - 1];
	return NULL;
}

static int
add_place(struct buf *out, const struct diag *g)
{
	if (add_text(out, g->file) == -1)
		return -1;
	return g->line == 0 ? 0 :
	    buf_addf(out, ":%u:%u", g->line, g->column);
}

/* The whole diagnostic, as a line. */
static int
add_line(struct buf *out, const struct diag *g)
{
	struct buf line = { 0 };
	int rc = -1;

	if (diag_write(&line, g) == 0 && buf_cstr(&line) != NULL)
		rc = add_text(out, line.data);
	buf_clear(&line);
	return rc == 0 ? buf_add_char(out, '\n') : -1;
}

/* The name contains the whole diagnostic, because GitLab merges tests with the
 * same name. */
static int
add_failure(struct buf *out, const struct diag *g)
{
	if (buf_add_str(out, "<testcase classname=\"") == -1 ||
	    add_text(out, g->file) == -1 ||
	    buf_add_str(out, "\" name=\"") == -1 ||
	    add_place(out, g) == -1 || buf_add_str(out, ": ") == -1 ||
	    add_text(out, g->text) == -1 ||
	    buf_add_str(out, "\"><failure message=\"") == -1 ||
	    add_text(out, g->text) == -1 ||
	    buf_addf(out, "\" type=\"%s\">", g->rule) == -1 ||
	    add_line(out, g) == -1)
		return -1;
	return buf_add_str(out, "</failure></testcase>\n");
}

/* A file without failures; its warnings are the output of the test. */
static int
add_passed(struct buf *out, const struct diags *d, const char *file)
{
	const struct diag *g;
	size_t from = 0;
	bool any = false;

	if (buf_add_str(out, "<testcase classname=\"") == -1 ||
	    add_text(out, file) == -1 ||
	    buf_add_str(out, "\" name=\"right\">") == -1)
		return -1;
	for (; (g = next_of_file(d, &from, file)) != NULL; any = true)
		if ((!any && buf_add_str(out, "<system-out>") == -1) ||
		    add_line(out, g) == -1)
			return -1;
	if (any && buf_add_str(out, "</system-out>") == -1)
		return -1;
	return buf_add_str(out, "</testcase>\n");
}

static bool
has_failure(const struct diags *d, const char *file, bool strict)
{
	const struct diag *g;
	size_t from = 0;

	while ((g = next_of_file(d, &from, file)) != NULL)
		if (is_failure(g, strict))
			return true;
	return false;
}

int
report_junit(struct buf *out, const struct diags *d,
    const char *const *files, size_t n, bool strict)
{
	size_t i, failures = 0, passed = 0;
	struct buf cases = { 0 };
	int rc = 0;

	for (i = 0; i < d->n && rc == 0; i++)
		if (is_failure(&d->v[i], strict)) {
			failures++;
			rc = add_failure(&cases, &d->v[i]);
		}
	for (i = 0; i < n && rc == 0; i++)
		if (!has_failure(d, files[i], strict)) {
			passed++;
			rc = add_passed(&cases, d, files[i]);
		}
	if (rc == 0)
		rc = buf_addf(out, "<?xml version=\"1.0\" "
		    "encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite "
		    "name=\"wamp-routes\" tests=\"%zu\" failures=\"%zu\" "
		    "errors=\"0\" skipped=\"0\">\n", failures + passed,
		    failures);
	if (rc == 0)
		rc = buf_add_slice(out, buf_slice(&cases));
	if (rc == 0 && d->dropped > 0)
		rc = buf_addf(out, "<system-err>%zu more not shown"
		    "</system-err>\n", d->dropped);
	if (rc == 0)
		rc = buf_add_str(out, "</testsuite>\n</testsuites>\n");
	buf_clear(&cases);
	return rc;
}
