/*
 * t_json_table.c: JSON as a table.
 */
#include "proto/json_table.h"


#include "base/width.h"
#include "tap.h"

static struct buf left_out;

static void
check(const struct json_table_look *look, const char *text, const char *want,
    const char *name)
{
	struct buf out = { 0 };
	struct errbuf e = { "" };

	buf_reset(&left_out);
	tap_int(json_table(&out, slice_str(text), look, &left_out, &e),
	    JSON_TABLE_OK, "%s: a table", name);
	tap_slice(buf_slice(&out), want, "%s", name);
	buf_clear(&out);
}

static void
check_other(const char *text, const char *why)
{
	static const struct json_table_look any = { 0, false, NULL };
	struct buf out = { 0 };
	struct errbuf e = { "" };

	(void)buf_add_str(&out, "before");
	tap_int(json_table(&out, slice_str(text), &any, &left_out, &e),
	    JSON_TABLE_OTHER, "%s: no table", text);
	tap_str(e.msg, why, "%s: why", text);
	tap_slice(buf_slice(&out), "before", "%s: nothing is added", text);
	buf_clear(&out);
}

static void
test_shape(void)
{
	static const struct json_table_look any = { 0, false, NULL };
	static const struct json_table_look ordered = { 0, false, "c z b" };
	static const struct json_table_look colour = { 0, true, NULL };

	check(&any, "[{\"a\":1,\"b\":\"x\"},{\"c\":true,\"a\":-10.5}]",
	    "    A  B  C\n    1  x  -\n-10.5  -  true\n",
	    "a column each name, numbers to the right");
	check(&any, "[{\"a\":1},{\"a\":\"10\"},{\"a\":null}]",
	    "A\n1\n10\n-\n", "a column with a text in it is no number's");
	check(&ordered, "[{\"a\":\"x\",\"b\":\"y\",\"c\":\"z\"}]",
	    "C  B  A\nz  y  x\n", "columns that come first");
	check(&any, "[{\"a\":1,\"a\":2}]", "A\n2\n", "the last of two counts");
	check(&any, "[]", "", "an empty list");
	check(&any, "[{},{}]", "", "a list of nothing");
	check(&any, "{}", "", "an empty object");
	check(&any, "{\"a\":1,\"bcd\":200}", "a      1\nbcd  200\n",
	    "an object, a row each member");
	check(&any, "[{\"\":\"\"}]", "\n-\n", "no name and no text");
	check(&colour, "[{\"a\":1,\"b\":null}]",
	    "\033[1mA  B\033[0m\n1  -\n", "bold titles");
}

static void
test_values(void)
{
	static const struct json_table_look any = { 0, false, NULL };

	check(&any, "[{\"a\":[\"x\",2,null]},{\"a\":[]},{\"a\":[\"\"]}]",
	    "A\nx, 2, -\n-\n\"\"\n", "a list of scalars");
	check(&any, "[{\"a\":[\"x\",[\n1]]},{\"a\":{\"b\": 1}},{\"a\":{}}]",
	    "A\n[\"x\",[ 1]]\n{\"b\": 1}\n-\n", "nested values are JSON");
	check(&any, "[{\"a\":9007199254740993}]", "               A\n"
	    "9007199254740993\n", "numbers keep their digits");
	check(&any, "[{\"a\\u001b\":\"x\\ny\\u009b\\u202e\"}]",
	    "A\\X1B\nx\\x0ay\\xc2\\x9b\\xe2\\x80\\xae\n",
	    "what a terminal might obey");
	check(&any, "[{\"a\":\"\xe6\x97\xa5\xe6\x9c\xac\",\"b\":1},"
	    "{\"a\":\"e\xcc\x81\",\"b\":2}]",
	    "A     B\n\xe6\x97\xa5\xe6\x9c\xac  1\ne\xcc\x81     2\n",
	    "wide characters take two columns, marks none");
}

static void
test_fit(void)
{
	struct json_table_look look = { 30, false, NULL };

	check(&look, "[{\"t\":\"oro/a/very/long/topic/of/many/levels\","
	    "\"n\":123456}]",
	    "T                            N\n"
	    "oro/a/very/long/topic\xe2\x80\xa6  123456\n",
	    "a long word is cut, a number is not");
	check(&look, "[{\"n\":1,\"h\":\"what became of everything since the "
	    "last one\"}]",
	    "N  H\n1  what became of everything\n   since the last one\n",
	    "words are wrapped");
	check(&look, "[{\"a\":\"123456789012345\",\"b\":\"123456789012345\","
	    "\"n\":7,\"c\":\"123456789012345\"}]",
	    "A                N\n123456789012345  7\n",
	    "what has room stays");
	tap_slice(buf_slice(&left_out), "B, C", "what was left out");
	look.width = 4;
	check(&look, "[{\"a\":\"\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\"}]",
	    "A\n\xe6\x97\xa5\xe2\x80\xa6\n", "no wide character is halved");
	look.width = 1;
	check(&look, "[{\"abc\":\"abc\",\"b\":1}]",
	    "\xe2\x80\xa6\n\xe2\x80\xa6\n", "one column");
	look.width = 20;
	check(&look, "[{\"a\":\"1 2 3 4 5 6 7 8 9 0 12345678901234567890 "
	    "12345678901234567890 a a a a 12345678901234567890 b "
	    "12345678901234567890 12345678901234567890 x y z\"}]",
	    "A\n1 2 3 4 5 6 7 8 9 0\n12345678901234567890\n"
	    "12345678901234567890\na a a a\n12345678901234567890\nb\n"
	    "12345678901234567890\n1234567890123456789\xe2\x80\xa6\n",
	    "a row has no more than eight lines");
}

static void
test_other(void)
{
	struct buf text = { 0 };
	int i;

	check_other("7", "it is a number");
	check_other("\"x\"", "it is a string");
	check_other("[{},1]", "element 2 of the list is a number, not an "
	    "object");
	check_other("[[]]", "element 1 of the list is a list, not an object");
	check_other("[", "it is not JSON");
	for (i = 0; i <= JSON_TABLE_COLUMNS_MAX; i++)
		(void)buf_addf(&text, "%s\"k%d\":1", i > 0 ? "," : "[{", i);
	(void)buf_add_str(&text, "}]");
	check_other(buf_cstr(&text), "its objects have more than 64 names");
	buf_clear(&text);
}

/* A thousand marks on one letter do not hide behind a width of one. */
static void
test_marks(void)
{
	struct buf text = { 0 };
	struct width w;
	size_t width;
	int i;

	(void)buf_add_str(&text, "a");
	for (i = 0; i < 1000; i++)
		(void)buf_add_str(&text, "\xcc\x81");
	width_begin(&w);
	tap_int((int64_t)width_head(buf_slice(&text), 5, &width), 33,
	    "no more than sixteen marks");
	tap_int((int64_t)width, 1, "and they take no column");
	tap_int((int64_t)width_of(SLICE("\xff\xff" "a")), 3,
	    "what is not UTF-8");
	width_end(&w);
	buf_clear(&text);
}

int
main(void)
{
	test_shape();
	test_values();
	test_fit();
	test_other();
	test_marks();
	buf_clear(&left_out);
	return tap_done();
}
