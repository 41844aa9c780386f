/*
 * diag.c: what is wrong in a file, and where.
 */
#include "route/diag.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/printable.h"
#include "base/utf8.h"

#define DIAG_TEXT_MAX	512	/* bytes; a file's words may be megabytes */

static const char *const diag_levels[] = {
	[DIAG_ERROR] = "error",
	[DIAG_WARNING] = "warning",
};

const char *
diag_level_name(enum diag_level level)
{
	return diag_levels[level];
}

/* One line whatever the file holds. */
static char *
text_escape(const char *text)
{
	struct buf b = { 0 };

	if (printable_add(&b, slice_str(text)) == -1 || buf_cstr(&b) == NULL)
		buf_clear(&b);
	return b.data;
}

static int
diags_reserve(struct diags *d)
{
	struct diag *v;
	size_t cap = d->cap == 0 ? 8 : d->cap * 2;

	if (d->n < d->cap)
		return 0;
	if ((v = realloc(d->v, cap * sizeof(*v))) == NULL)
		return -1;
	d->v = v;
	d->cap = cap;
	return 0;
}

void
diag_add(struct diags *d, enum diag_level level, const char *file,
    unsigned line, unsigned column, const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(d, level, file, line, column, rule, fmt, ap);
	va_end(ap);
}

void
diag_vadd(struct diags *d, enum diag_level level, const char *file,
    unsigned line, unsigned column, const char *rule, const char *fmt,
    va_list ap)
{
	struct diag new = { .level = level, .line = line, .column = column,
	    .rule = rule };
	char text[DIAG_TEXT_MAX];
	int n;

	if (level == DIAG_ERROR)
		d->errors++;
	d->dropped++;
	if (d->n >= DIAGS_MAX)
		return;
	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (n >= (int)sizeof(text))
		(void)utf8_cut(text, sizeof(text) - 1);
	new.file = strdup(file);
	new.text = text_escape(text);
	if (new.file == NULL || new.text == NULL || diags_reserve(d) == -1) {
		free(new.file);
		free(new.text);
		return;
	}
	d->v[d->n++] = new;
	d->dropped--;
}

bool
diags_full(const struct diags *d)
{
	return d->errors >= DIAGS_MAX;
}

struct ranked {
	struct diag diag;
	size_t	    rank;	/* of its file */
	size_t	    number;	/* of its report */
};

static int
order_of(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int
ranked_compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = order_of(x->rank, y->rank);

	if (order == 0)
		order = order_of(x->diag.line, y->diag.line);
	if (order == 0)
		order = order_of(x->diag.column, y->diag.column);
	return order != 0 ? order : order_of(x->number, y->number);
}

static size_t
file_rank(const char *file, const char *const *files, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(files[i], file) == 0)
			break;
	return i;
}

static bool
diag_is_same(const struct diag *a, const struct diag *b)
{
	return a->line == b->line && a->column == b->column &&
	    a->level == b->level && strcmp(a->rule, b->rule) == 0 &&
	    strcmp(a->text, b->text) == 0 && strcmp(a->file, b->file) == 0;
}

static void
diag_free(struct diag *g)
{
	free(g->file);
	free(g->text);
}

/* Whether one of those from `from` up to `to` says the same; they are sorted,
 * so only the last ones can. */
static bool
is_repeated(const struct diags *d, size_t from, size_t to,
    const struct diag *g)
{
	while (to-- > from && d->v[to].line == g->line)
		if (diag_is_same(&d->v[to], g))
			return true;
	return false;
}

/* What an import says of many routes is reported for each. */
static void
drop_repeated(struct diags *d, size_t from)
{
	size_t i, n = from;

	for (i = from; i < d->n; i++) {
		if (is_repeated(d, from, n, &d->v[i])) {
			d->errors -= d->v[i].level == DIAG_ERROR;
			diag_free(&d->v[i]);
		} else {
			d->v[n++] = d->v[i];
		}
	}
	d->n = n;
}

void
diags_sort_files(struct diags *d, size_t from, const char *const *files,
    size_t n)
{
	size_t i, count = d->n - from;
	struct ranked *v;

	if (count < 2 || (v = calloc(count, sizeof(*v))) == NULL)
		return;
	for (i = 0; i < count; i++)
		v[i] = (struct ranked){ d->v[from + i],
		    file_rank(d->v[from + i].file, files, n), i };
	qsort(v, count, sizeof(*v), ranked_compare);
	for (i = 0; i < count; i++)
		d->v[from + i] = v[i].diag;
	free(v);
	drop_repeated(d, from);
}

int
diag_write(struct buf *out, const struct diag *g)
{
	char *file = text_escape(g->file);
	int rc = buf_add_str(out, file != NULL ? file : "?");

	free(file);
	if (rc == 0 && g->line != 0)
		rc = buf_addf(out, ":%u:%u", g->line, g->column);
	return rc == 0 ? buf_addf(out, ": %s: %s [%s]",
	    diag_level_name(g->level), g->text, g->rule) : -1;
}

void
diag_print(const struct diags *d, FILE *out)
{
	struct buf line = { 0 };
	size_t i;

	for (i = 0; i < d->n; i++) {
		buf_reset(&line);
		if (diag_write(&line, &d->v[i]) == 0 &&
		    buf_add_char(&line, '\n') == 0)
			(void)fwrite(line.data, 1, line.len, out);
	}
	buf_clear(&line);
	if (d->dropped > 0)
		fprintf(out, "%zu more not shown\n", d->dropped);
}

void
diag_clear(struct diags *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		diag_free(&d->v[i]);
	free(d->v);
	*d = (struct diags){ 0 };
}
