/*
 * sheet.c: rows and columns, printed as text, JSON, TSV or Markdown.
 */
#include "routes/sheet.h"

#include <stdlib.h>

#include "proto/json.h"

int
sheet_add(struct sheet *s, struct slice text)
{
	size_t *v, cap;

	if (s->n == s->cap) {
		cap = s->cap == 0 ? 64 : s->cap * 2;
		if ((v = realloc(s->ends, cap * sizeof(*v))) == NULL)
			return -1;
		s->ends = v;
		s->cap = cap;
	}
	if (buf_add_slice(&s->cells, text) == -1)
		return -1;
	s->ends[s->n++] = s->cells.len;
	return 0;
}

int
sheet_add_number(struct sheet *s, size_t number)
{
	struct buf text = { 0 };
	int rc = buf_addf(&text, "%zu", number);

	if (rc == 0)
		rc = sheet_add(s, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

void
sheet_clear(struct sheet *s)
{
	buf_clear(&s->cells);
	free(s->ends);
	s->ends = NULL;
	s->n = s->cap = 0;
}

static size_t
count_rows(const struct sheet *s)
{
	return s->n_columns > 0 ? s->n / s->n_columns : 0;
}

static struct slice
cell(const struct sheet *s, size_t row, size_t column)
{
	size_t i = row * s->n_columns + column;
	size_t start = i > 0 ? s->ends[i - 1] : 0;

	return slice_of(s->cells.data + start, s->ends[i] - start);
}

/* ---- text of each format ---- */

/* Add one character, escaped if the format requires it. */
static int
add_char(struct buf *out, char c, enum sheet_format format)
{
	if (c == '\t' && format == SHEET_TSV)
		return buf_add_str(out, "\\t");
	if (c == '\n' && format == SHEET_TSV)
		return buf_add_str(out, "\\n");
	if (c == '\\' && format == SHEET_TSV)
		return buf_add_str(out, "\\\\");
	if (c == '|' && format == SHEET_MD)
		return buf_add_str(out, "\\|");
	if ((unsigned char)c < ' ' || c == 0x7f)
		return buf_addf(out, "\\x%02x", (unsigned char)c);
	return buf_add_char(out, c);
}

static int
add_text(struct buf *out, struct slice text, enum sheet_format format)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < text.len && rc == 0; i++)
		rc = add_char(out, text.p[i], format);
	return rc;
}

static size_t
count_characters(struct slice text)
{
	size_t i, n = 0;

	for (i = 0; i < text.len; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

/* ---- lines ---- */

static void
measure(const struct sheet *s, size_t width[SHEET_COLUMNS_MAX])
{
	size_t i, k, n;

	for (k = 0; k < s->n_columns; k++)
		width[k] = 0;
	for (i = 0; i < count_rows(s); i++)
		for (k = 0; k < s->n_columns; k++) {
			n = count_characters(cell(s, i, k));
			if (n > width[k])
				width[k] = n;
		}
}

static size_t
shown_columns(const struct sheet *s)
{
	size_t n = s->n_columns;

	while (n > 0 && s->columns[n - 1].kind == SHEET_JSON_ONLY)
		n--;
	return n;
}

/* There are no blanks for empty cells at the end of a row. */
static int
print_text_row(struct buf *out, const struct sheet *s, size_t row,
    const size_t width[SHEET_COLUMNS_MAX])
{
	size_t k, n = shown_columns(s);
	struct slice text;

	while (n > 0 && cell(s, row, n - 1).len == 0)
		n--;
	for (k = 0; k < n; k++) {
		text = cell(s, row, k);
		if (add_text(out, text, SHEET_TEXT) == -1)
			return -1;
		if (k + 1 < n && buf_fill(out, ' ', width[k] + 2 -
		    count_characters(text)) == -1)
			return -1;
	}
	return buf_add_char(out, '\n');
}

static int
print_text(struct buf *out, const struct sheet *s)
{
	size_t i, width[SHEET_COLUMNS_MAX];
	int rc = 0;

	measure(s, width);
	for (i = 0; i < count_rows(s) && rc == 0; i++)
		rc = print_text_row(out, s, i, width);
	return rc;
}

static int
print_tsv(struct buf *out, const struct sheet *s)
{
	size_t i, k, n = shown_columns(s);

	for (i = 0; i < count_rows(s); i++)
		for (k = 0; k < n; k++)
			if (add_text(out, cell(s, i, k), SHEET_TSV) == -1 ||
			    buf_add_char(out, k + 1 < n ? '\t' : '\n') == -1)
				return -1;
	return 0;
}

static int
print_md(struct buf *out, const struct sheet *s)
{
	size_t i, k, n = shown_columns(s);
	int rc = 0;

	for (k = 0; k < n && rc == 0; k++)
		rc = buf_addf(out, "| %s ", s->columns[k].name);
	if (rc == 0)
		rc = buf_add_str(out, "|\n");
	for (k = 0; k < n && rc == 0; k++)
		rc = buf_add_str(out, "|---");
	if (rc == 0)
		rc = buf_add_str(out, "|\n");
	for (i = 0; i < count_rows(s) && rc == 0; i++)
		for (k = 0; k < n; k++)
			if (buf_add_str(out, "| ") == -1 ||
			    add_text(out, cell(s, i, k), SHEET_MD) == -1 ||
			    buf_add_str(out, k + 1 < n ? " " : " |\n") == -1)
				return -1;
	return rc;
}

static int
print_json_cell(struct buf *out, const struct sheet_column *column,
    struct slice text)
{
	if (buf_addf(out, "\"%s\":", column->name) == -1)
		return -1;
	return column->kind == SHEET_STRING ? json_quote(out, text) :
	    buf_add_slice(out, text);
}

static int
print_json(struct buf *out, const struct sheet *s)
{
	size_t i, k;

	if (buf_add_char(out, '[') == -1)
		return -1;
	for (i = 0; i < count_rows(s); i++)
		for (k = 0; k < s->n_columns; k++)
			if (buf_add_str(out, k > 0 ? "," : i > 0 ? ",\n {" :
			    "{") == -1 || print_json_cell(out, &s->columns[k],
			    cell(s, i, k)) == -1 ||
			    (k + 1 == s->n_columns &&
			    buf_add_char(out, '}') == -1))
				return -1;
	return buf_add_str(out, "]\n");
}

int
sheet_print(struct buf *out, const struct sheet *s, enum sheet_format format)
{
	switch (format) {
	case SHEET_JSON:
		return print_json(out, s);
	case SHEET_TSV:
		return print_tsv(out, s);
	case SHEET_MD:
		return print_md(out, s);
	case SHEET_TEXT:
	default:
		return print_text(out, s);
	}
}
