/*
 * json_cells.c: the cells of a table, written as lines that fit.
 *
 * A list of names or a sentence is wrapped between its words; a single word,
 * such as a topic, is cut, and an ellipsis shows it.
 */
#include "proto/json_cells.h"

#include "base/width.h"

#define TABLE_GAP	2	/* blanks between columns */
#define TABLE_LEAST	16	/* no text is shortened below that, so that a
				 * session's id is always whole */
#define TABLE_LINES	8	/* of a row; a text that needs more is cut */
#define ELLIPSIS	"\xe2\x80\xa6"
#define TITLE_COLOUR	"\033[1m"
#define PLAIN		"\033[0m"

/* ---- widths ---- */

static void
measure(struct table *t)
{
	struct column *c;
	size_t i, row;

	for (i = 0; i < t->n_columns; i++) {
		c = &t->columns[i];
		c->numbers &= !c->others;
		c->natural = width_of(c->title);
		for (row = 0; row < t->n_rows; row++) {
			size_t width = t->cells[row * t->n_columns + i].width;

			if (width > c->natural)
				c->natural = width;
		}
		if (c->natural == 0)
			c->natural = 1;
	}
}

/* The width that a column gets when none is wider than level.  Half of a
 * number would be another number. */
static size_t
width_at(const struct column *c, size_t level)
{
	return c->numbers || c->natural < level ? c->natural : level;
}

/* Of the columns that are not left out. */
static size_t
total_at(const struct table *t, size_t level)
{
	size_t i, sum = 0;

	for (i = 0; i < t->n_columns; i++)
		if (t->columns[i].width > 0)
			sum += (sum > 0 ? TABLE_GAP : 0) +
			    width_at(&t->columns[i], level);
	return sum;
}

/* Take each column that has room when all are as narrow as can be, then widen
 * them as far as the room goes: the widest are those that are shortened. */
static void
fit(struct table *t)
{
	size_t i, room = t->look->width, level = room;
	struct column *c;

	for (i = 0; i < t->n_columns; i++) {
		c = &t->columns[i];
		c->width = c->natural;
		if (room > 0 && i > 0 && total_at(t, TABLE_LEAST) > room)
			c->width = 0;
	}
	if (room == 0)
		return;
	while (level > TABLE_LEAST && total_at(t, level) > room)
		level--;
	for (i = 0; i < t->n_columns; i++) {
		c = &t->columns[i];
		if (c->width > 0)
			c->width = width_at(c, level);
		if (c->width > room)
			c->width = room;
	}
}

/* ---- lines ---- */

static struct slice
skip(struct slice s, size_t n)
{
	return slice_of(s.p + n, s.len - n);
}

/* How much of the text, which is too wide, fills the line: whole words, or 0
 * if the first word alone is too wide. */
static size_t
whole_words(struct slice text, size_t columns)
{
	size_t width, n = width_head(text, columns, &width);

	while (n > 0 && text.p[n] != ' ')
		n--;
	return n;
}

/* A line's part of a text, which is taken off *rest. */
static struct slice
next_part(struct slice *rest, const struct column *c, bool last, bool *cut)
{
	struct slice part = *rest;
	const char *blank;
	size_t width, n;

	*cut = false;
	if (width_of(part) <= c->width) {
		*rest = slice_of(NULL, 0);
		return part;
	}
	n = last || c->numbers ? 0 : whole_words(part, c->width);
	part.len = n > 0 ? n : width_head(part, c->width - 1, &width);
	*cut = n == 0;
	blank = last || c->numbers ? NULL : memchr(rest->p, ' ', rest->len);
	if (n == 0)
		n = blank != NULL ? (size_t)(blank - rest->p) : rest->len;
	*rest = skip(*rest, n);
	while (rest->len > 0 && rest->p[0] == ' ')
		*rest = skip(*rest, 1);
	return part;
}

/* What one line has of the text: words are wrapped, and what is still too wide
 * is cut. */
static int
add_field(struct buf *out, const struct column *c, struct slice *rest,
    bool last)
{
	bool cut;
	struct slice part = next_part(rest, c, last, &cut);
	size_t width = width_of(part) + cut;
	int rc = c->numbers ? buf_fill(out, ' ', c->width - width) : 0;

	if (rc == 0)
		rc = buf_add_slice(out, part);
	if (rc == 0 && cut)
		rc = buf_add_str(out, ELLIPSIS);
	if (rc == 0 && !c->numbers)
		rc = buf_fill(out, ' ', c->width - width);
	return rc;
}

static void
drop_blanks(struct buf *out, size_t from)
{
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
}

static struct slice
cell_text(const struct table *t, const struct cell *cell)
{
	return cell->len > 0 ? slice_of(t->text.data + cell->at, cell->len) :
	    SLICE(TABLE_NOTHING);
}

/* A line; rest is of each column.  Whether there is more in *more. */
static int
add_line(const struct table *t, struct buf *out, struct slice *rest,
    bool last, bool *more)
{
	size_t i, from = out->len;
	int rc = 0;

	*more = false;
	for (i = 0; i < t->n_columns && rc == 0; i++) {
		if (t->columns[i].width == 0)
			continue;
		if (i > 0)
			rc = buf_fill(out, ' ', TABLE_GAP);
		if (rc == 0)
			rc = add_field(out, &t->columns[i], &rest[i], last);
		*more |= rest[i].len > 0;
	}
	drop_blanks(out, from);
	return rc;
}

static int
add_titles(const struct table *t, struct buf *out)
{
	struct slice rest[JSON_TABLE_COLUMNS_MAX];
	bool more;
	size_t i;

	for (i = 0; i < t->n_columns; i++)
		rest[i] = t->columns[i].title;
	if ((t->look->colour && buf_add_str(out, TITLE_COLOUR) == -1) ||
	    add_line(t, out, rest, true, &more) == -1 ||
	    (t->look->colour && buf_add_str(out, PLAIN) == -1))
		return -1;
	return buf_add_char(out, '\n');
}

static int
add_row(const struct table *t, struct buf *out, size_t row)
{
	const struct cell *cells = &t->cells[row * t->n_columns];
	struct slice rest[JSON_TABLE_COLUMNS_MAX];
	bool more = true;
	size_t i;

	for (i = 0; i < t->n_columns; i++)
		rest[i] = cell_text(t, &cells[i]);
	for (i = 1; more; i++)
		if (add_line(t, out, rest, i == TABLE_LINES, &more) == -1 ||
		    buf_add_char(out, '\n') == -1)
			return -1;
	return 0;
}

int
json_cells(struct buf *out, struct table *t, struct buf *left_out)
{
	size_t i;
	int rc = 0;

	if (t->n_columns == 0)
		return 0;
	measure(t);
	fit(t);
	if (t->titles && t->n_rows > 0)
		rc = add_titles(t, out);
	for (i = 0; i < t->n_rows && rc == 0; i++)
		rc = add_row(t, out, i);
	for (i = 0; i < t->n_columns && rc == 0; i++)
		if (t->columns[i].width == 0 && ((left_out->len > 0 &&
		    buf_add_str(left_out, ", ") == -1) ||
		    buf_add_slice(left_out, t->columns[i].title) == -1))
			rc = -1;
	return rc;
}
