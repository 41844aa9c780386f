/*
 * json_table.c: JSON as a table, for people.
 *
 * The value is walked twice: for the columns, and for the cells.  Then all
 * widths are known, and json_cells.c writes the lines.
 */
#include "proto/json_table.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/printable.h"
#include "base/width.h"
#include "proto/json.h"
#include "proto/json_cells.h"
#include "proto/json_pretty.h"

static const char *const type_names[] = {
	[JSON_NULL] = "null",
	[JSON_FALSE] = "false",
	[JSON_TRUE] = "true",
	[JSON_NUMBER] = "a number",
	[JSON_STRING] = "a string",
	[JSON_ARRAY] = "a list",
	[JSON_OBJECT] = "an object",
};

/* ---- columns ---- */

/* The key as a title: printable, and ASCII letters as capitals. */
static struct slice
make_title(struct table *t, struct slice key)
{
	char *copy = NULL, *p;

	buf_reset(&t->json);
	if (printable_add(&t->json, key) == 0)
		copy = arena_copy(&t->mem, buf_slice(&t->json));
	if (copy == NULL) {
		t->failed = true;
		return SLICE("");
	}
	for (p = copy; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return slice_of(copy, t->json.len);
}

static struct column *
add_column(struct table *t, struct slice key)
{
	struct column *c;
	char *copy;

	if (t->n_columns == JSON_TABLE_COLUMNS_MAX)
		return NULL;
	if ((copy = arena_copy(&t->mem, key)) == NULL) {
		t->failed = true;
		return NULL;
	}
	c = &t->columns[t->n_columns++];
	*c = (struct column){ .key = slice_of(copy, key.len) };
	return c;
}

/* The column of that key, or NULL.  Objects of one list mostly have their keys
 * in the same order, so it is looked for at *hint first. */
static struct column *
find_column(struct table *t, struct slice key, size_t *hint)
{
	size_t i, at;

	for (i = 0; i < t->n_columns; i++) {
		at = (*hint + i) % t->n_columns;
		if (slice_eq(t->columns[at].key, key)) {
			*hint = at + 1;
			return &t->columns[at];
		}
	}
	return NULL;
}

static void
order_columns(struct table *t)
{
	const char *p = t->look->order;
	size_t len;

	for (; p != NULL && *p != '\0' && !t->failed; p += len) {
		p += *p == ' ';
		len = strcspn(p, " ");
		(void)add_column(t, slice_of(p, len));
	}
}

/* 0, or -1: too many, or out of memory. */
static int
collect_row(struct table *t, struct slice object)
{
	struct slice rest = json_inside(object), key;
	struct json_elem name, value;
	struct column *c;
	size_t hint = 0;

	while (json_next_member(&rest, &name, &value)) {
		if (json_string(&key, &name, &t->scratch) == -1) {
			t->failed = true;
			return -1;
		}
		if ((c = find_column(t, key, &hint)) == NULL &&
		    (c = add_column(t, key)) == NULL)
			return -1;
		c->seen = true;
	}
	return 0;
}

/* Drop those that were expected and did not come, and make titles. */
static void
finish_columns(struct table *t)
{
	size_t i, kept = 0;

	for (i = 0; i < t->n_columns; i++)
		if (t->columns[i].seen)
			t->columns[kept++] = t->columns[i];
	t->n_columns = kept;
	for (i = 0; i < kept; i++)
		t->columns[i].title = make_title(t, t->columns[i].key);
}

static enum json_table_verdict
collect_columns(struct table *t, struct slice list, struct errbuf *e)
{
	struct slice rest = json_inside(list);
	struct json_elem row;

	order_columns(t);
	for (; json_next(&rest, &row); t->n_rows++) {
		if (row.type != JSON_OBJECT) {
			err_set(e, "element %zu of the list is %s, not an "
			    "object", t->n_rows + 1, type_names[row.type]);
			return JSON_TABLE_OTHER;
		}
		if (collect_row(t, row.text) == -1) {
			err_set(e, "its objects have more than %d names",
			    JSON_TABLE_COLUMNS_MAX);
			return t->failed ? JSON_TABLE_MEMORY :
			    JSON_TABLE_OTHER;
		}
	}
	finish_columns(t);
	return t->failed ? JSON_TABLE_MEMORY : JSON_TABLE_OK;
}

/* ---- cells ---- */

static int
add_scalar(struct table *t, const struct json_elem *value)
{
	struct slice text = value->text;

	if (value->type == JSON_NULL)
		return buf_add_str(&t->text, TABLE_NOTHING);
	if (value->type == JSON_STRING &&
	    json_string(&text, value, &t->scratch) == -1)
		return -1;
	return printable_add(&t->text, text);
}

/* One of a list, where an empty text would not be seen. */
static int
add_item(struct table *t, const struct json_elem *value)
{
	if (value->type == JSON_STRING && value->text.len == 2)
		return buf_add_str(&t->text, "\"\"");
	return add_scalar(t, value);
}

/* JSON on one line. */
static int
add_nested(struct table *t, struct slice value)
{
	static const struct json_look plain = { .indent = false };

	buf_reset(&t->json);
	if (json_pretty(&t->json, value, &plain) == -1)
		return -1;
	return printable_add(&t->text, buf_slice(&t->json));
}

/* "a, b", unless something is nested. */
static int
add_list(struct table *t, struct slice list)
{
	struct slice rest = json_inside(list);
	size_t before = t->text.len;
	struct json_elem value;

	while (json_next(&rest, &value)) {
		if (value.type == JSON_ARRAY || value.type == JSON_OBJECT) {
			t->text.len = before;
			return add_nested(t, list);
		}
		if ((t->text.len > before &&
		    buf_add_str(&t->text, ", ") == -1) ||
		    add_item(t, &value) == -1)
			return -1;
	}
	return 0;
}

static bool
is_nothing(const struct json_elem *value)
{
	return value->type == JSON_NULL || ((value->type == JSON_ARRAY ||
	    value->type == JSON_OBJECT) && !json_truthy(value));
}

static void
put_cell(struct table *t, size_t row, size_t column,
    const struct json_elem *value)
{
	struct cell *cell = &t->cells[row * t->n_columns + column];
	struct column *c = &t->columns[column];
	int rc = 0;

	*cell = (struct cell){ .at = t->text.len, .width = 1 };
	if (is_nothing(value))
		return;
	if (value->type == JSON_ARRAY)
		rc = add_list(t, value->text);
	else if (value->type == JSON_OBJECT)
		rc = add_nested(t, value->text);
	else
		rc = add_scalar(t, value);
	if (rc == -1)
		t->failed = true;
	cell->len = t->text.len - cell->at;
	if (cell->len == 0)
		return;
	cell->width = width_of(slice_of(t->text.data + cell->at, cell->len));
	c->numbers |= value->type == JSON_NUMBER;
	c->others |= value->type != JSON_NUMBER;
}

/* The last of a name that comes twice counts: its text is the one shown. */
static void
fill_row(struct table *t, size_t row, struct slice object)
{
	struct slice rest = json_inside(object), key;
	struct json_elem name, value;
	struct column *c;
	size_t hint = 0;

	while (!t->failed && json_next_member(&rest, &name, &value)) {
		if (json_string(&key, &name, &t->scratch) == -1)
			t->failed = true;
		else if ((c = find_column(t, key, &hint)) != NULL)
			put_cell(t, row, (size_t)(c - t->columns), &value);
	}
}

static enum json_table_verdict
make_cells(struct table *t)
{
	size_t i, n;

	if (t->n_columns > 0 && t->n_rows > SIZE_MAX / t->n_columns)
		return JSON_TABLE_MEMORY;
	n = t->n_rows * t->n_columns;
	if ((t->cells = calloc(n + 1, sizeof(*t->cells))) == NULL)
		return JSON_TABLE_MEMORY;
	for (i = 0; i < n; i++)
		t->cells[i].width = 1;
	return JSON_TABLE_OK;
}

static enum json_table_verdict
read_list(struct table *t, struct slice list, struct errbuf *e)
{
	enum json_table_verdict verdict = collect_columns(t, list, e);
	struct slice rest = json_inside(list);
	struct json_elem row;
	size_t i;

	if (verdict != JSON_TABLE_OK ||
	    (verdict = make_cells(t)) != JSON_TABLE_OK)
		return verdict;
	for (i = 0; json_next(&rest, &row) && !t->failed; i++)
		fill_row(t, i, row.text);
	t->titles = t->n_columns > 0;
	return t->failed ? JSON_TABLE_MEMORY : JSON_TABLE_OK;
}

/* Two columns without titles. */
static enum json_table_verdict
read_object(struct table *t, struct slice object)
{
	struct slice rest = json_inside(object);
	struct json_elem name, value;
	size_t i;

	t->n_columns = 2;
	while (json_next(&rest, &value))
		t->n_rows++;
	if (make_cells(t) != JSON_TABLE_OK)
		return JSON_TABLE_MEMORY;
	rest = json_inside(object);
	for (i = 0; json_next_member(&rest, &name, &value) && !t->failed;
	    i++) {
		put_cell(t, i, 0, &name);
		put_cell(t, i, 1, &value);
	}
	return t->failed ? JSON_TABLE_MEMORY : JSON_TABLE_OK;
}

enum json_table_verdict
json_table(struct buf *out, struct slice value,
    const struct json_table_look *look, struct buf *left_out,
    struct errbuf *e)
{
	struct table t = { .look = look };
	enum json_table_verdict verdict = JSON_TABLE_OTHER;
	struct json_elem elem;
	struct json_error je;
	size_t before = out->len;
	struct width width;

	width_begin(&width);
	if (json_scan_value(value, JSON_DEPTH_MAX, &elem, &je) == -1)
		err_set(e, "it is not JSON");
	else if (elem.type == JSON_ARRAY)
		verdict = read_list(&t, elem.text, e);
	else if (elem.type == JSON_OBJECT)
		verdict = read_object(&t, elem.text);
	else
		err_set(e, "it is %s", type_names[elem.type]);
	if (verdict == JSON_TABLE_OK && json_cells(out, &t, left_out) == -1)
		verdict = JSON_TABLE_MEMORY;
	if (verdict != JSON_TABLE_OK)
		out->len = before;
	width_end(&width);
	free(t.cells);
	buf_clear(&t.text);
	buf_clear(&t.scratch);
	buf_clear(&t.json);
	arena_clear(&t.mem);
	return verdict;
}
