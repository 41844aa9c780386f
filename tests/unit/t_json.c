/*
 * t_json.c: the scanner against its vectors, walking, meaning and writing.
 */
#include "proto/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/json_text.h"
#include "tap.h"
#include "vectors.h"

#define ELEMS_MAX	8	/* some vectors have more on purpose */

static const char *const type_names[] = {
	[JSON_NULL] = "null", [JSON_FALSE] = "false", [JSON_TRUE] = "true",
	[JSON_NUMBER] = "number", [JSON_STRING] = "string",
	[JSON_ARRAY] = "array", [JSON_OBJECT] = "object",
};

/* ---- the scanner ---- */

static void
dump_elem(struct buf *out, const struct json_elem *el)
{
	buf_addf(out, "%s%s%s ", type_names[el->type], el->escaped ? "+e" : "",
	    el->newline ? "+n" : "");
}

static void
dump_error(struct buf *out, const struct json_error *e)
{
	buf_addf(out, "error %zu: %s", e->offset, e->what);
}

static void
dump_array(struct buf *out, struct slice text, unsigned depth)
{
	struct json_elem elems[ELEMS_MAX];
	struct json_error e;
	size_t count, end;

	if (json_scan_array(text, depth, elems, ELEMS_MAX, &count, &end,
	    &e) == -1) {
		dump_error(out, &e);
		return;
	}
	buf_addf(out, "%zu ", count);
	for (size_t i = 0; i < count && i < ELEMS_MAX; i++)
		dump_elem(out, &elems[i]);
	buf_addf(out, "end %zu", end);
}

static void
dump_value(struct buf *out, struct slice text, unsigned depth)
{
	struct json_elem el;
	struct json_error e;

	if (json_scan_value(text, depth, &el, &e) == -1) {
		dump_error(out, &e);
		return;
	}
	dump_elem(out, &el);
	buf_addf(out, "end %td", el.text.p + el.text.len - text.p);
}

static void
check_vector(const struct vector *v)
{
	unsigned depth = JSON_DEPTH_DEFAULT;
	struct buf got = { 0 };
	char kind[8];

	if (sscanf(v->how, "%7s %u", kind, &depth) < 1)
		kind[0] = '\0';
	if (strcmp(kind, "array") == 0)
		dump_array(&got, v->input, depth);
	else
		dump_value(&got, v->input, depth);
	tap_slice(buf_slice(&got), v->want, "json.txt line %zu", v->line);
	buf_clear(&got);
}

static void
test_empty(void)
{
	struct json_error e;
	struct json_elem el;
	size_t n;

	tap_int(json_scan_value(slice_of(NULL, 0), 1, &el, &e), -1,
	    "an empty text is no value");
	tap_str(e.what, "unexpected end of the text", "it says so");
	tap_int(json_scan_array(SLICE(" "), 1, &el, 1, &n, NULL, &e), -1,
	    "white space is no array");
	tap_int(e.offset, 1, "its error is at the end");
}

/* n arrays, one in the other, and nothing else. */
static int
scan_nested(unsigned n, unsigned depth)
{
	char text[2 * (JSON_DEPTH_MAX + 1)];
	struct json_error e;
	struct json_elem el;

	memset(text, '[', n);
	memset(text + n, ']', n);
	return json_scan_value(slice_of(text, 2 * (size_t)n), depth, &el, &e);
}

static void
test_depth(void)
{
	tap_int(scan_nested(128, 128), 0, "128 levels where 128 may be");
	tap_int(scan_nested(129, 128), -1, "129 levels are too many");
	tap_int(scan_nested(JSON_DEPTH_MAX, 1u << 30), 0,
	    "a huge limit allows the maximum");
	tap_int(scan_nested(JSON_DEPTH_MAX + 1, 1u << 30), -1,
	    "but no more");
}

static const char *
span_bytewise(const char *p, const char *end)
{
	while (p < end && json_is_plain(*p))
		p++;
	return p;
}

/* Each byte at each place of texts up to three vectors long, alone and with
 * another stop behind it, in memory of exactly that size. */
static void
test_span(void)
{
	bool vector = true, words = true;

	for (size_t len = 1; len <= 48; len++) {
		char *text = malloc(len), *end = text + len;

		for (size_t at = 0; text != NULL && at < len * 256; at++) {
			memset(text, 'x', len);
			text[len - 1] = at % 3 == 0 ? '"' : 'x';
			text[at / 256] = (char)(at % 256);
			vector &= json_span(text, end) ==
			    span_bytewise(text, end);
			words &= json_span_words(text, end) ==
			    span_bytewise(text, end);
		}
		free(text);
	}
	tap_ok(vector, "the span ends at the first byte that is not plain");
	tap_ok(words, "so it does 8 bytes at a time");
}

/* ---- walking ---- */

static struct json_elem
scan(const char *text)
{
	struct json_elem el = { .text = SLICE("null"), .type = JSON_NULL };
	struct json_error e;

	if (json_scan_value(slice_str(text), JSON_DEPTH_DEFAULT, &el,
	    &e) == -1)
		tap_ok(false, "%s: %s", text, e.what);
	return el;
}

static void
test_next(void)
{
	struct json_elem el = scan("[ 1 ,\"a,]\\\"\", [2,[\"]\"]] ,{\"}\":[]},"
	    "null ]");
	struct slice rest = json_inside(el.text);

	tap_ok(json_next(&rest, &el), "there is a first element");
	tap_slice(el.text, "1", "a number");
	tap_int(el.type, JSON_NUMBER, "of that type");
	json_next(&rest, &el);
	tap_slice(el.text, "\"a,]\\\"\"", "a string with an escaped quote");
	tap_ok(el.escaped, "known as escaped");
	json_next(&rest, &el);
	tap_slice(el.text, "[2,[\"]\"]]", "an array, a bracket in a string");
	json_next(&rest, &el);
	tap_slice(el.text, "{\"}\":[]}", "an object");
	tap_int(el.type, JSON_OBJECT, "of that type");
	tap_ok(json_next(&rest, &el), "there is a last element");
	tap_slice(el.text, "null", "a word");
	tap_ok(!json_next(&rest, &el), "there is no more");

	rest = json_inside(SLICE("[ \n ]"));
	tap_ok(!json_next(&rest, &el), "white space has no elements");
	rest = json_inside(SLICE("{\"a\" : 1,\"b\":{\"c\":2}}"));
	json_next(&rest, &el);
	tap_slice(el.text, "1", "an object's elements are its values");
	json_next(&rest, &el);
	tap_slice(el.text, "{\"c\":2}", "all of them");
	tap_ok(!json_next(&rest, &el), "and no more");
}

static void
test_next_member(void)
{
	struct slice rest = json_inside(SLICE("{ \"a\" : 1 , \"b\":[2]}"));
	struct json_elem key, value;

	tap_ok(json_next_member(&rest, &key, &value), "a first member");
	tap_slice(key.text, "\"a\"", "its key");
	tap_slice(value.text, "1", "its value");
	tap_ok(json_next_member(&rest, &key, &value), "a second member");
	tap_slice(key.text, "\"b\"", "its key");
	tap_slice(value.text, "[2]", "its value");
	tap_ok(!json_next_member(&rest, &key, &value), "no third");
}

static void
test_member(void)
{
	struct slice object = SLICE("{\"a\":1,\"b\\u0062\":2,\"c\":3,\"c\":4,"
	    "\"d\":{\"e\":5},\"z\\u0000\":6}");
	struct json_elem el;

	tap_ok(json_member(object, "a", &el), "a member is found");
	tap_slice(el.text, "1", "with its value");
	tap_ok(json_member(object, "bb", &el), "an escaped key is found");
	tap_slice(el.text, "2", "with its value");
	tap_ok(json_member(object, "c", &el), "a double key is found");
	tap_slice(el.text, "4", "the last one counts");
	tap_ok(!json_member(object, "e", &el), "a deeper key is not found");
	tap_ok(!json_member(object, "b", &el), "nor half a key");
	tap_ok(!json_member(object, "z", &el), "nor one with a NUL behind");
	tap_ok(!json_member(SLICE("[\"a\",1]"), "a", &el),
	    "an array has no members");
	tap_ok(!json_member(SLICE("{}"), "", &el), "nor has {}");
}

static void
check_unquote(const char *text, struct slice want)
{
	struct buf scratch = { 0 }, appended = { 0 };
	struct json_elem el = scan(text);
	struct slice got;

	buf_add_str(&appended, "-");
	tap_ok(json_string(&got, &el, &scratch) == 0 && slice_eq(got, want),
	    "%s has those characters", text);
	tap_ok(json_unquote(&appended, &el) == 0 &&
	    appended.len == want.len + 1 && appended.data[0] == '-' &&
	    memcmp(appended.data + 1, want.p, want.len) == 0,
	    "%s is appended", text);
	buf_clear(&scratch);
	buf_clear(&appended);
}

static void
test_unquote(void)
{
	check_unquote("\"\"", SLICE(""));
	check_unquote("\"plain\"", SLICE("plain"));
	check_unquote("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	    SLICE("\"\\/\b\f\n\r\t"));
	check_unquote("\"a\\u0000b\"", SLICE("a\0b"));
	check_unquote("\"\\u00e9\\u20AC\"", SLICE("\xc3\xa9\xe2\x82\xac"));
	check_unquote("\"\\ud83d\\ude00!\"", SLICE("\xf0\x9f\x98\x80!"));
	check_unquote("\"\\udbff\\udfff\"", SLICE("\xf4\x8f\xbf\xbf"));
	check_unquote("\"\\ud83d\"", SLICE("\xef\xbf\xbd"));
	check_unquote("\"\\ude00\\ud83d\"",
	    SLICE("\xef\xbf\xbd\xef\xbf\xbd"));
	check_unquote("\"\\ude00\\ude00\"",
	    SLICE("\xef\xbf\xbd\xef\xbf\xbd"));
	check_unquote("\"\\ud83d\\u0041\"", SLICE("\xef\xbf\xbd" "A"));
	check_unquote("\"\\ud83d\\ud83d\\ude00\"",
	    SLICE("\xef\xbf\xbd\xf0\x9f\x98\x80"));
	check_unquote("\"\\ud83d\\\\ude00\"", SLICE("\xef\xbf\xbd\\ude00"));
}

/* ---- meaning ---- */

static void
check_int(const char *text, bool valid, int64_t want)
{
	struct json_elem el = scan(text);
	int64_t got = 0;

	tap_ok(json_int(&got, &el) == valid && (!valid || got == want),
	    "%s %s an integer", text, valid ? "is" : "is not");
}

static void
test_int(void)
{
	check_int("0", true, 0);
	check_int("-0", true, 0);
	check_int("5", true, 5);
	check_int("9223372036854775807", true, INT64_MAX);
	check_int("-9223372036854775808", true, INT64_MIN);
	check_int("9223372036854775808", false, 0);
	check_int("-9223372036854775809", false, 0);
	check_int("123456789012345678901234567890", false, 0);
	check_int("5.0", false, 0);
	check_int("5e0", false, 0);
	check_int("\"5\"", false, 0);
	check_int("true", false, 0);
	check_int("[5]", false, 0);
}

static void
test_truthy(void)
{
	static const char *const no[] = { "null", "false", "0", "-0", "0.0",
	    "0e5", "-0.0E+9", "\"\"", "\"0\"", "\"\\u0030\"", "[]", "[ ]",
	    "{}", "{\t}" };
	static const char *const yes[] = { "true", "1", "-1", "0.01", "10",
	    "1e-9", "\"a\"", "\"00\"", "\"0.0\"", "\" \"", "\"false\"",
	    "\"\\u0000\"", "[null]", "[0]", "{\"\":0}" };
	struct json_elem el;

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		el = scan(no[i]);
		tap_ok(!json_truthy(&el), "PHP takes %s for false", no[i]);
	}
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		el = scan(yes[i]);
		tap_ok(json_truthy(&el), "PHP takes %s for true", yes[i]);
	}
}

/* ---- writing ---- */

static void
check_quote(struct slice s, const char *want)
{
	struct buf out = { 0 };

	buf_add_str(&out, ">");
	tap_int(json_quote(&out, s), 0, "it is quoted");
	tap_slice(slice_of(out.data + 1, out.len - 1), want, "as %s", want);
	buf_clear(&out);
}

static void
test_quote(void)
{
	check_quote(slice_of(NULL, 0), "\"\"");
	check_quote(SLICE("plain /text"), "\"plain /text\"");
	check_quote(SLICE("\"\\"), "\"\\\"\\\\\"");
	check_quote(SLICE("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	check_quote(SLICE("\0\x01\x1f\x7f"),
	    "\"\\u0000\\u0001\\u001f\x7f\"");
	check_quote(SLICE("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	check_quote(SLICE("a\xff\xc3" "b"),
	    "\"a\xef\xbf\xbd\xef\xbf\xbd" "b\"");
	check_quote(SLICE("0123456789abcdef0123456789abcdef\n01234567\""),
	    "\"0123456789abcdef0123456789abcdef\\n01234567\\\"\"");
}

int
main(void)
{
	vectors_run("tests/vectors/json.txt", check_vector);
	test_empty();
	test_depth();
	test_span();
	test_next();
	test_next_member();
	test_member();
	test_unquote();
	test_int();
	test_truthy();
	test_quote();
	return tap_done();
}
