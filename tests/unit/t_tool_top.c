/*
 * t_tool_top.c: how wamp-top shows numbers and names, and which columns of a
 * table fit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "tap.h"
#include "top/cell.h"
#include "top/rows.h"
#include "top/view.h"

static void
shown(int (*show)(struct buf *out, double n), double n, const char *expected)
{
	struct buf out = { 0 };

	(void)show(&out, n);
	tap_str(buf_cstr(&out), expected, "%s", expected);
	buf_clear(&out);
}

static void
test_numbers(void)
{
	shown(cell_number, 0, "0");
	shown(cell_number, 999, "999");
	shown(cell_number, 1000, "1.00k");
	shown(cell_number, 12345, "12.3k");
	shown(cell_number, 123456, "123k");
	shown(cell_number, 999499, "999k");
	shown(cell_number, 999600, "1.00M");
	shown(cell_number, 4560000000.0, "4.56G");
	shown(cell_number, 18446744073709551615.0, "18.4E");
	shown(cell_number, -5, "0");
	shown(cell_rate, 0, "0");
	shown(cell_rate, 0.04, "0");
	shown(cell_rate, 0.25, "0.2");
	shown(cell_rate, 9.94, "9.9");
	shown(cell_rate, 9.96, "10");
	shown(cell_rate, 1234, "1.23k");
	shown(cell_bytes, 512, "512");
	shown(cell_bytes, 1024, "1.00K");
	shown(cell_bytes, 1048576, "1.00M");
	shown(cell_bytes, 1010, "0.99K");
	shown(cell_duration, 0, "0s");
	shown(cell_duration, 59.9, "59s");
	shown(cell_duration, 60, "1m00");
	shown(cell_duration, 3599, "59m59");
	shown(cell_duration, 3600, "1h00");
	shown(cell_duration, 86399, "23h59");
	shown(cell_duration, 90000, "1d01h");
	shown(cell_duration, 86400.0 * 999, "999d00h");
	shown(cell_duration, -1, "0s");
}

static void
fits(const char *text, size_t columns, bool right, const char *expected)
{
	struct buf out = { 0 };

	(void)cell_fit(&out, slice_str(text), columns, right);
	tap_str(out.len > 0 ? buf_cstr(&out) : "", expected,
	    "\"%s\" in %zu columns", text, columns);
	buf_clear(&out);
}

static void
test_names(void)
{
	struct width width;
	struct buf out = { 0 };

	width_begin(&width);
	fits("abc", 5, false, "abc  ");
	fits("abc", 5, true, "  abc");
	fits("abc", 3, false, "abc");
	fits("abcdefgh", 5, false, "ab\xe2\x80\xa6gh");
	fits("abcdefgh", 1, false, "\xe2\x80\xa6");
	fits("abcdefgh", 2, false, "\xe2\x80\xa6h");
	fits("abc", 0, false, "");
	/* Two columns each. */
	fits("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 6, false,
	    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
	fits("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5, false,
	    "\xe6\x97\xa5\xe2\x80\xa6\xe8\xaa\x9e");
	fits("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, false,
	    "\xe2\x80\xa6\xe8\xaa\x9e ");
	width_end(&width);
	(void)cell_text(&out, SLICE("a\x1b[31m\n"));
	tap_str(buf_cstr(&out), "a\\x1b[31m\\x0a",
	    "a terminal gets no control characters");
	buf_clear(&out);
}

static size_t
sum(const struct layout *l)
{
	size_t i, n = l->n - 1;

	for (i = 0; i < l->n; i++)
		n += l->width[i];
	return n;
}

static void
test_layout(void)
{
	size_t natural[VIEW_COLUMNS_MAX], i, columns;
	const struct view *v = &views[0];
	struct errbuf e = { "" };
	struct layout l;
	bool fit = true;

	for (i = 0; i < VIEW_COLUMNS_MAX; i++)
		natural[i] = 30;
	natural[5] = natural[7] = natural[11] = 5;
	for (columns = 40; columns <= 300; columns++) {
		layout_all(&l, v);
		layout_fit(&l, v, natural, columns);
		fit = fit && sum(&l) <= columns;
	}
	tap_ok(fit, "what is chosen fits, at any width from 40");
	layout_all(&l, v);
	layout_fit(&l, v, natural, 40);
	tap_ok(l.n >= 4 && l.column[0] == 1,
	    "on 40 columns the most important ones are left");
	layout_all(&l, v);
	layout_fit(&l, v, natural, 1000);
	tap_int((int64_t)l.n, (int64_t)view_count(v),
	    "on a wide terminal, all");
	tap_int(layout_parse(&l, v, "rate,USER", &e), 0, "names and titles");
	tap_ok(l.n == 2 && l.column[0] == 5 && l.column[1] == 1,
	    "in their order");
	tap_int(layout_parse(&l, v, "rate,", &e), -1, "an empty name is none");
	tap_int(layout_parse(&l, v, "rtae", &e), -1, "nor is a wrong one");
	tap_str(e.msg, "sessions has no column \"rtae\", did you mean "
	    "\"rate\"?", "and the error names the nearest");
	for (i = 0; i < VIEWS; i++)
		tap_ok(view_column(&views[i], views[i].sort,
		    strlen(views[i].sort), &e) >= 0 &&
		    view_count(&views[i]) <= VIEW_COLUMNS_MAX &&
		    strcmp(view_names[i], views[i].name) == 0,
		    "%s is sound", views[i].name);
}

static void
order_is(const struct rows *r, const char *expected, const char *what)
{
	struct buf got = { 0 };
	size_t i;

	for (i = 0; i < r->n; i++)
		(void)buf_add_slice(&got, row_key(r, &r->v[i]));
	tap_str(got.len > 0 ? buf_cstr(&got) : "", expected, "%s", what);
	buf_clear(&got);
}

static void
test_rows(void)
{
	static const char list[] =
	    "[{\"session\":\"a\",\"principal\":\"Zoe\",\"rate\":1.5},"
	    "{\"session\":\"b\",\"principal\":\"a\\nb\",\"rate\":3,"
	    "\"slow\":true},7,"
	    "{\"session\":\"c\",\"principal\":null,\"more\":{}},"
	    "{\"session\":\"d\",\"principal\":\"Zoe\",\"rate\":\"x\"}]";
	struct filter f = { .is_regex = false };
	struct rows r = { .n = 0 };
	struct errbuf e = { "" };
	struct buf out = { 0 };

	tap_int(rows_read(&r, &views[0], SLICE(list), &e), 0, "a list");
	order_is(&r, "abcd", "what is no object is left out");
	rows_sort(&r, 5, false);
	order_is(&r, "bacd", "numbers descend, missing ones come last");
	rows_sort(&r, 5, true);
	order_is(&r, "cdab", "or reversed");
	rows_sort(&r, 1, false);
	order_is(&r, "cadb", "text ascends, equal ones as they came");
	(void)row_show(&out, &r, &r.v[3], 1);
	tap_str(buf_cstr(&out), "a\\x0ab", "control characters are escaped");
	buf_reset(&out);
	(void)row_show(&out, &r, &r.v[3], 9);
	tap_str(buf_cstr(&out), "yes", "a flag");
	tap_int(filter_set(&f, SLICE("zOE"), &e), 0, "a substring");
	rows_filter(&r, &f);
	order_is(&r, "ad", "in any case");
	tap_int(filter_set(&f, SLICE("~^(d|x)$"), &e), 0, "a regex");
	rows_filter(&r, &f);
	order_is(&r, "d", "matches a whole text");
	tap_int(filter_set(&f, SLICE("~("), &e), -1, "a wrong one");
	tap_ok(e.msg[0] != '\0' && f.is_regex, "is told, and changes nothing");
	tap_int(rows_read(&r, &views[0], SLICE("{}"), &e), -1,
	    "an object is no list");
	tap_int(rows_read(&r, &views[0], SLICE("[]"), &e), 0, "none");
	rows_sort(&r, 0, false);
	order_is(&r, "", "is a list, too");
	filter_clear(&f);
	rows_clear(&r);
	buf_clear(&out);
}

int
main(void)
{
	test_numbers();
	test_names();
	test_layout();
	test_rows();
	return tap_done();
}
