/*
 * t_wampd_http_field.c: fields and lists of HTTP.
 */
#include "base/buf.h"
#include "tap.h"
#include "wampd/net/http_field.h"

#define LINES								\
	"A: 1, 2\r\nB: no\r\na:3 \r\nA:\r\nAA: no\r\nA: \"4, 5\" ,, 6\r\n"

static const struct {
	const char *value;
	const char *elements;	/* each in brackets */
} lists[] = {
	{ "", "" },
	{ " \t", "" },
	{ ",", "" },
	{ " , ,\t,", "" },
	{ "a", "[a]" },
	{ "a,b", "[a][b]" },
	{ " a\t,\tb , c ", "[a][b][c]" },
	{ ",,a,,b,,", "[a][b]" },
	{ "a b,c", "[a b][c]" },
	{ "a=\"b,c\",d", "[a=\"b,c\"][d]" },
	{ "a=\"b\\\",c\",d", "[a=\"b\\\",c\"][d]" },
	{ "a=\"b\\\\\",c", "[a=\"b\\\\\"][c]" },
	{ "\"a\" \"b,\" c,d", "[\"a\" \"b,\" c][d]" },
	{ "\"a,b", "[\"a,b]" },
	{ "a,\"", "[a][\"]" },
	{ "a,\"\\", "[a][\"\\]" },
	{ "a,\"b\\\"", "[a][\"b\\\"]" },
};

static void
add_in_brackets(struct buf *out, struct slice s)
{
	(void)buf_addf(out, "[%.*s]", (int)s.len, s.p);
}

static void
test_list(void)
{
	struct slice value, element;
	struct buf all = { 0 };
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		value = slice_str(lists[i].value);
		buf_reset(&all);
		while (http_list_next(&value, &element))
			add_in_brackets(&all, element);
		tap_slice(buf_slice(&all), lists[i].elements,
		    "the elements of <%s>", lists[i].value);
	}
	value = slice_of(NULL, 0);
	tap_ok(!http_list_next(&value, &element), "nothing has no elements");
	buf_clear(&all);
}

static void
test_elements(void)
{
	struct slice fields = SLICE(LINES), element;
	struct buf all = { 0 };

	while (http_element_next(&fields, "a", &element))
		add_in_brackets(&all, element);
	tap_slice(buf_slice(&all), "[1][2][3][\"4, 5\"][6]",
	    "all fields of a name make one list");
	fields = SLICE(LINES);
	tap_ok(!http_element_next(&fields, "c", &element), "no such field");
	fields = slice_of(NULL, 0);
	tap_ok(!http_element_next(&fields, "a", &element), "no fields");
	buf_clear(&all);
}

static void
test_fields(void)
{
	struct slice fields = SLICE("A:b\r\nCd: \t e f\t \r\nG: \r\n");
	struct http_field f;

	tap_ok(http_field_next(&fields, &f), "a field");
	tap_slice(f.name, "A", "its name");
	tap_slice(f.value, "b", "its value");
	tap_ok(http_field_next(&fields, &f), "another one");
	tap_slice(f.name, "Cd", "its name");
	tap_slice(f.value, "e f", "its value has no blanks around it");
	tap_ok(http_field_next(&fields, &f), "a field without a value");
	tap_slice(f.value, "", "its value");
	tap_ok(!http_field_next(&fields, &f), "that was the last one");
	fields = slice_of(NULL, 0);
	tap_ok(!http_field_next(&fields, &f), "no field");
}

static void
test_find(void)
{
	struct slice value = SLICE("unset");

	tap_int(http_field_find(SLICE(LINES), "aaa", &value), 0, "none");
	tap_slice(value, "unset", "which has no value");
	tap_int(http_field_find(SLICE(LINES), "b", &value), 1, "one");
	tap_slice(value, "no", "its value");
	tap_int(http_field_find(SLICE(LINES), "a", &value), 4, "four");
	tap_slice(value, "\"4, 5\" ,, 6", "the value of the last");
}

static void
test_token(void)
{
	tap_ok(http_token_eq(SLICE("WebSocket"), "websocket"), "any case");
	tap_ok(http_token_eq(SLICE("AZaz"), "azaz"), "of any letter");
	tap_ok(!http_token_eq(SLICE("websocke"), "websocket"), "too short");
	tap_ok(!http_token_eq(SLICE("websockets"), "websocket"), "too long");
	tap_ok(!http_token_eq(SLICE("web\0ocket"), "web"), "NUL ends nothing");
	tap_ok(!http_token_eq(SLICE("@"), "`"), "signs have no case");
	tap_ok(http_token_eq(slice_of(NULL, 0), ""), "nothing is nothing");
	tap_ok(http_is_token(SLICE("wamp.2.json")), "a token");
	tap_ok(!http_is_token(SLICE("")), "no token is empty");
	tap_ok(!http_is_token(SLICE("a b")), "none has blanks");
	tap_ok(!http_is_token(SLICE(" b")), "not even first");
	tap_ok(!http_is_token(SLICE("a\0")), "none has NUL");
	tap_ok(!http_is_token(SLICE("\xc3\xa9")), "all are ASCII");
}

int
main(void)
{
	test_list();
	test_elements();
	test_fields();
	test_find();
	test_token();
	return tap_done();
}
