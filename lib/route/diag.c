/*
 * diag.c: what is wrong in a file, and where.
 */
#include "route/diag.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define DIAG_TEXT_MAX	512	/* bytes; a file's words may be megabytes */

static const char *const diag_levels[] = {
	[DIAG_ERROR] = "error",
	[DIAG_WARNING] = "warning",
};

/* Cut what vsnprintf() had to cut at a character, and say so. */
static void
text_shorten(char text[DIAG_TEXT_MAX])
{
	size_t n = DIAG_TEXT_MAX - sizeof("...");

	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	memcpy(text + n, "...", sizeof("..."));
}

/* One line whatever the file holds: control characters as \xNN. */
static char *
text_escape(const char *text)
{
	struct buf b = { 0 };
	const char *p;
	int rc = 0;

	for (p = text; *p != '\0' && rc == 0; p++) {
		unsigned char c = (unsigned char)*p;

		rc = c < ' ' || c == 0x7f ? buf_addf(&b, "\\x%02x", c) :
		    buf_add_char(&b, *p);
	}
	if (rc == -1 || buf_cstr(&b) == NULL)
		buf_clear(&b);
	return b.data;
}

/* Room for one more.  Doubling from 8: full whenever n is such a size. */
static int
diags_reserve(struct diags *d)
{
	struct diag *v;
	size_t cap = d->n == 0 ? 8 : d->n * 2;

	if (d->n != 0 && (d->n < 8 || (d->n & (d->n - 1)) != 0))
		return 0;
	if ((v = realloc(d->v, cap * sizeof(*v))) == NULL)
		return -1;
	d->v = v;
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
		text_shorten(text);
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

static bool
diag_is_before(const struct diag *a, const struct diag *b)
{
	return a->line < b->line ||
	    (a->line == b->line && a->column < b->column);
}

/* By insertion: they are few, and nearly sorted. */
void
diags_sort(struct diags *d, size_t from)
{
	struct diag moved;
	size_t i, k;

	for (i = from + 1; i < d->n; i++) {
		moved = d->v[i];
		for (k = i; k > from && diag_is_before(&moved, &d->v[k - 1]);
		    k--)
			d->v[k] = d->v[k - 1];
		d->v[k] = moved;
	}
}

void
diag_print(const struct diags *d, FILE *out)
{
	const struct diag *g;
	size_t i;

	for (i = 0; i < d->n; i++) {
		g = &d->v[i];
		fputs(g->file, out);
		if (g->line != 0)
			fprintf(out, ":%u:%u", g->line, g->column);
		fprintf(out, ": %s: %s [%s]\n", diag_levels[g->level],
		    g->text, g->rule);
	}
	if (d->dropped > 0)
		fprintf(out, "%zu more not shown\n", d->dropped);
}

void
diag_clear(struct diags *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->v[i].file);
		free(d->v[i].text);
	}
	free(d->v);
	*d = (struct diags){ 0 };
}
