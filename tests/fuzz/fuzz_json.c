/*
 * fuzz_json.c: any bytes at the scanner, what it accepts at the walkers, the
 * pretty-printer and tables, and any bytes at the writer.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "base/width.h"
#include "proto/json.h"
#include "proto/json_pretty.h"
#include "proto/json_table.h"
#include "fuzz.h"

#define ELEMS_MAX	4	/* fewer than many arrays have */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_error(const struct json_error *e, struct slice text)
{
	assert(e->offset <= text.len);
	assert(e->what != NULL && e->what[0] != '\0');
}

/* What walking yields is what scanning says of the same text. */
static void
check_same(const struct json_elem *walked, const struct json_elem *scanned)
{
	assert(walked->type == scanned->type);
	assert(walked->escaped == scanned->escaped);
	assert(slice_eq(walked->text, scanned->text));
}

/* The characters of a string, written and read again, are the same. */
static void
check_string(const struct json_elem *string)
{
	struct buf first = { 0 }, second = { 0 }, quoted = { 0 };
	struct slice before, after;
	struct json_elem again;
	struct json_error e;

	assert(json_string(&before, string, &first) == 0);
	assert(utf8_valid(before));
	assert(json_quote(&quoted, before) == 0);
	assert(json_scan_value(buf_slice(&quoted), 0, &again, &e) == 0);
	assert(json_string(&after, &again, &second) == 0);
	assert(slice_eq(before, after));
	buf_clear(&first);
	buf_clear(&second);
	buf_clear(&quoted);
}

/* One element, walked: it is a value of its own, and can be asked about. */
static void
check_elem(const struct json_elem *el)
{
	struct json_elem alone;
	struct json_error e;
	int64_t number;

	assert(json_scan_value(el->text, JSON_DEPTH_MAX, &alone, &e) == 0);
	check_same(el, &alone);
	(void)json_truthy(el);
	if (json_int(&number, el))
		assert(el->type == JSON_NUMBER);
	if (el->type == JSON_STRING)
		check_string(el);
}

/* An object's member can be found by its key, unless a NUL is in it. */
static void
check_member(struct slice object, const struct json_elem *key)
{
	struct buf name = { 0 };
	struct json_elem found;
	const char *text;

	assert(json_unquote(&name, key) == 0);
	assert((text = buf_cstr(&name)) != NULL);
	if (strlen(text) == name.len)
		assert(json_member(object, text, &found));
	buf_clear(&name);
}

static void
check_object(struct slice object)
{
	struct slice members = json_inside(object), values = members;
	struct json_elem key, value, same;

	while (json_next_member(&members, &key, &value)) {
		check_elem(&key);
		check_elem(&value);
		check_member(object, &key);
		assert(json_next(&values, &same));
		check_same(&same, &value);
	}
	assert(!json_next(&values, &same));
}

/* Walking an array yields the elements that scanning did, and no other. */
static void
check_array(struct slice text, struct slice array, unsigned depth)
{
	struct json_elem elems[ELEMS_MAX], el;
	struct slice rest = json_inside(array);
	size_t count, end, n = 0;
	struct json_error e;

	assert(json_scan_array(text, depth, elems, ELEMS_MAX, &count, &end,
	    &e) == 0);
	for (; json_next(&rest, &el); n++) {
		assert(is_within(el.text, array));
		check_elem(&el);
		if (n < ELEMS_MAX)
			check_same(&el, &elems[n]);
	}
	assert(n == count);
	if (n > 0)
		assert(el.text.p + el.text.len == text.p + end);
	else
		assert(end == 0);
}

/* What is indented is JSON, and indented once more stays as it is. */
static void
check_pretty(struct slice value)
{
	const struct json_look look = { .indent = true };
	struct buf once = { 0 }, twice = { 0 };
	struct json_elem el;
	struct json_error e;

	assert(json_pretty(&once, value, &look) == 0);
	assert(json_scan_value(buf_slice(&once), JSON_DEPTH_MAX, &el, &e) ==
	    0);
	assert(json_pretty(&twice, el.text, &look) == 0);
	assert(slice_eq(buf_slice(&once), buf_slice(&twice)));
	buf_clear(&once);
	buf_clear(&twice);
}

/* No line of a table is too wide, or commands a terminal. */
static void
check_table(struct slice value)
{
	const struct json_table_look look = { .width = 40, .order = "b a" };
	struct buf out = { 0 }, left_out = { 0 }, shown = { 0 };
	struct errbuf e;
	struct width width;
	struct slice line;
	size_t at, end;

	(void)json_table(&out, value, &look, &left_out, &e);
	width_begin(&width);
	for (at = 0; at < out.len; at = end + 1) {
		for (end = at; end < out.len && out.data[end] != '\n'; end++)
			;
		assert(end < out.len);
		line = slice_of(out.data + at, end - at);
		buf_reset(&shown);
		assert(width_of(line) <= look.width);
		assert(printable_add(&shown, line) == 0);
		assert(slice_eq(buf_slice(&shown), line));
	}
	width_end(&width);
	buf_clear(&out);
	buf_clear(&left_out);
	buf_clear(&shown);
}

static void
check_text(struct slice text, unsigned depth)
{
	struct json_elem elems[ELEMS_MAX], el;
	struct json_error e;
	size_t count;

	if (json_scan_value(text, depth, &el, &e) == -1) {
		check_error(&e, text);
		assert(json_scan_array(text, depth, elems, ELEMS_MAX, &count,
		    NULL, &e) == -1);
		check_error(&e, text);
		return;
	}
	assert(is_within(el.text, text));
	check_pretty(el.text);
	check_table(el.text);
	if (el.type == JSON_ARRAY) {
		check_array(text, el.text, depth);
		return;
	}
	assert(json_scan_array(text, depth, elems, ELEMS_MAX, &count, NULL,
	    &e) == -1);
	if (el.type == JSON_OBJECT)
		check_object(el.text);
	else
		check_elem(&el);
}

/* Any bytes can be written; those that are UTF-8 come back as they were. */
static void
check_quote(struct slice bytes)
{
	struct buf quoted = { 0 }, back = { 0 };
	struct json_elem el;
	struct json_error e;

	assert(json_quote(&quoted, bytes) == 0);
	assert(json_scan_value(buf_slice(&quoted), 0, &el, &e) == 0);
	assert(el.type == JSON_STRING && el.text.len == quoted.len);
	assert(json_unquote(&back, &el) == 0);
	assert(utf8_valid(buf_slice(&back)));
	if (utf8_valid(bytes))
		assert(slice_eq(buf_slice(&back), bytes));
	buf_clear(&quoted);
	buf_clear(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);

	check_text(text, JSON_DEPTH_DEFAULT);
	check_text(text, 2);
	check_quote(text);
	return 0;
}
