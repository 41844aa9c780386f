/*
 * rows.c: the rows of a view: cells, sorting, and filtering.
 */
#include "top/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "proto/json.h"
#include "top/cell.h"

/* ---- reading ---- */

static double
number_of(const struct json_elem *value)
{
	char text[64];

	if (value->type == JSON_TRUE)
		return 1;
	if (value->type == JSON_FALSE)
		return 0;
	if (value->type != JSON_NUMBER || value->text.len >= sizeof(text))
		return -1;
	memcpy(text, value->text.p, value->text.len);
	text[value->text.len] = '\0';
	return strtod(text, NULL);
}

static int
read_text(struct rows *r, struct row *row, size_t column,
    const struct json_elem *value)
{
	struct slice text = value->text;

	row->cell[column].at = r->text.len;
	if (value->type == JSON_NULL)
		text = SLICE("");
	else if (value->type == JSON_STRING &&
	    json_string(&text, value, &r->scratch) == -1)
		return -1;
	if (cell_text(&r->text, text) == -1)
		return -1;
	row->cell[column].len = r->text.len - row->cell[column].at;
	return 0;
}

static int
read_member(struct rows *r, struct row *row, struct slice key,
    const struct json_elem *value)
{
	const struct column *c;

	/* A key has its quotes. */
	key = slice_of(key.p + 1, key.len - 2);
	for (c = r->view->columns; c->name != NULL; c++) {
		if (!slice_eq(key, slice_str(c->name)))
			continue;
		if (c->kind == COLUMN_TEXT)
			return read_text(r, row, (size_t)(c -
			    r->view->columns), value);
		row->cell[c - r->view->columns].number = number_of(value);
		break;
	}
	return 0;
}

static int
read_row(struct rows *r, const struct json_elem *object)
{
	struct slice rest = json_inside(object->text);
	struct json_elem key, value;
	struct row *row;
	size_t i, cap = r->cap > 0 ? 2 * r->cap : 64;

	if (r->n == r->cap) {
		if ((row = reallocarray(r->v, cap, sizeof(*row))) == NULL)
			return -1;
		r->v = row;
		r->cap = cap;
	}
	row = &r->v[r->n++];
	*row = (struct row){ .json = object->text };
	for (i = 0; i < VIEW_COLUMNS_MAX; i++)
		row->cell[i].number = -1;
	while (json_next_member(&rest, &key, &value))
		if (read_member(r, row, key.text, &value) == -1)
			return -1;
	return 0;
}

int
rows_read(struct rows *r, const struct view *v, struct slice list,
    struct errbuf *e)
{
	struct json_elem elem;
	struct slice rest;

	r->view = v;
	r->n = 0;
	buf_reset(&r->text);
	buf_reset(&r->json);
	if (list.len == 0 || list.p[0] != '[') {
		err_set(e, "the broker's answer is not a list");
		return -1;
	}
	if (buf_add_slice(&r->json, list) == -1)
		goto nomem;
	rest = json_inside(buf_slice(&r->json));
	while (json_next(&rest, &elem))
		if (elem.type == JSON_OBJECT && read_row(r, &elem) == -1)
			goto nomem;
	return 0;
nomem:
	r->n = 0;
	err_set(e, "out of memory");
	return -1;
}

void
rows_clear(struct rows *r)
{
	free(r->v);
	buf_clear(&r->json);
	buf_clear(&r->text);
	buf_clear(&r->scratch);
	*r = (struct rows){ .n = 0 };
}

static struct slice
text_of(const struct rows *r, const struct row *row, size_t column)
{
	return slice_of(r->text.data + row->cell[column].at,
	    row->cell[column].len);
}

struct slice
row_key(const struct rows *r, const struct row *row)
{
	return text_of(r, row, 0);
}

/* ---- filtering ---- */

int
filter_set(struct filter *f, struct slice text, struct errbuf *e)
{
	struct buf copy = { 0 };
	regex_t regex;
	bool is_regex = text.len > 0 && text.p[0] == '~';
	int rc;

	if (buf_add_slice(&copy, text) == -1 || buf_cstr(&copy) == NULL) {
		buf_clear(&copy);
		err_set(e, "out of memory");
		return -1;
	}
	if (is_regex && (rc = regcomp(&regex, copy.data + 1,
	    REG_EXTENDED | REG_ICASE | REG_NOSUB)) != 0) {
		(void)regerror(rc, &regex, e->msg, sizeof(e->msg));
		buf_clear(&copy);
		return -1;
	}
	filter_clear(f);
	f->text = copy;
	f->is_regex = is_regex;
	if (is_regex)
		f->regex = regex;
	return 0;
}

void
filter_clear(struct filter *f)
{
	if (f->is_regex)
		regfree(&f->regex);
	f->is_regex = false;
	buf_clear(&f->text);
}

struct slice
filter_substring(const struct filter *f)
{
	return f->is_regex ? SLICE("") : buf_slice(&f->text);
}

/* Whether a text of the row matches. */
static bool
row_matches(struct rows *r, const struct row *row, const struct filter *f)
{
	const struct column *c = r->view->columns;
	struct slice text;
	size_t i;

	for (i = 0; c[i].name != NULL; i++) {
		if (c[i].kind != COLUMN_TEXT)
			continue;
		text = text_of(r, row, i);
		if (!f->is_regex &&
		    slice_contains_nocase(text, buf_slice(&f->text)))
			return true;
		buf_reset(&r->scratch);
		if (f->is_regex && buf_add_slice(&r->scratch, text) == 0 &&
		    buf_cstr(&r->scratch) != NULL &&
		    regexec(&f->regex, r->scratch.data, 0, NULL, 0) == 0)
			return true;
	}
	return false;
}

void
rows_filter(struct rows *r, const struct filter *f)
{
	size_t i, kept = 0;

	if (f->text.len == 0)
		return;
	for (i = 0; i < r->n; i++)
		if (row_matches(r, &r->v[i], f))
			r->v[kept++] = r->v[i];
	r->n = kept;
}

/* ---- sorting ---- */

struct order {
	const struct rows *rows;
	size_t	column;
	bool	text;
	bool	reverse;
};

static int
compare_text(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int rc = len > 0 ? memcmp(a.p, b.p, len) : 0;

	return rc != 0 ? rc : (a.len > b.len) - (a.len < b.len);
}

static int
compare_rows(const void *x, const void *y, void *arg)
{
	const struct order *o = arg;
	const struct row *a = x, *b = y;
	double m = a->cell[o->column].number, n = b->cell[o->column].number;
	int rc = o->text ? compare_text(text_of(o->rows, a, o->column),
	    text_of(o->rows, b, o->column)) : (m < n) - (m > n);

	if (rc == 0)	/* as they came */
		return a->json.p < b->json.p ? -1 : 1;
	return o->reverse ? -rc : rc;
}

void
rows_sort(struct rows *r, size_t column, bool reverse)
{
	struct order o = { .rows = r, .column = column, .reverse = reverse,
	    .text = r->view->columns[column].kind == COLUMN_TEXT };

	if (r->n > 1)
		qsort_r(r->v, r->n, sizeof(*r->v), compare_rows, &o);
}

/* ---- showing ---- */

int
row_show(struct buf *out, const struct rows *r, const struct row *row,
    size_t column)
{
	const struct column *c = &r->view->columns[column];
	double n = row->cell[column].number;

	if (c->kind == COLUMN_TEXT)
		return row->cell[column].len == 0 ? buf_add_char(out, '-') :
		    buf_add_slice(out, text_of(r, row, column));
	if (n < 0)
		return buf_add_char(out, '-');
	switch (c->kind) {
	case COLUMN_FLAG:
		return buf_add_str(out, n > 0 ? "yes" : "-");
	case COLUMN_RATE:
		return cell_rate(out, n);
	case COLUMN_BYTES:
		return cell_bytes(out, n);
	case COLUMN_DURATION:
		return cell_duration(out, n);
	case COLUMN_NUMBER:
	case COLUMN_TEXT:
	default:
		return cell_number(out, n);
	}
}

int
rows_measure(const struct rows *r, size_t *natural)
{
	const struct column *c = r->view->columns;
	struct buf text = { 0 };
	size_t i, k, width;

	for (k = 0; c[k].name != NULL; k++) {
		natural[k] = strlen(c[k].title);
		for (i = 0; i < r->n; i++) {
			buf_reset(&text);
			if (row_show(&text, r, &r->v[i], k) == -1) {
				buf_clear(&text);
				return -1;
			}
			width = width_of(buf_slice(&text));
			natural[k] = width > natural[k] ? width : natural[k];
		}
	}
	buf_clear(&text);
	return 0;
}
