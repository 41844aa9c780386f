/*
 * t_json_cut.c: streams of JSON values, whatever pieces they come in.
 */
#include "proto/json_cut.h"

#include <string.h>

#include "tap.h"

/* Append the values of a stream that comes in pieces of so many bytes, each
 * with "|" behind it, or "?" when it is no JSON; "!" where the structure
 * broke. */
static void
cut_all(struct buf *got, struct slice text, size_t piece)
{
	struct json_cut c = { 0 };
	struct json_error je;
	struct json_elem elem;
	struct slice value;
	enum json_cut_next next = JSON_CUT_MORE;
	size_t at = 0, have = 0, used;

	while (next != JSON_CUT_END && !c.broken) {
		next = json_cut(&c, slice_of(text.p + at, have - at),
		    have == text.len, &value, &used);
		at += used;
		if (next == JSON_CUT_VALUE) {
			buf_add_slice(got, value);
			buf_add_char(got, json_scan_value(value,
			    JSON_DEPTH_DEFAULT - 1, &elem, &je) == 0 ? '|' :
			    '?');
		} else if (next == JSON_CUT_MORE) {
			have = have + piece < text.len ? have + piece :
			    text.len;
		}
	}
	if (c.broken)
		buf_add_char(got, '!');
}

static void
check(const char *name, struct slice text, const char *want)
{
	struct buf got = { 0 };
	size_t piece;

	for (piece = 1; piece <= text.len + 1; piece++) {
		buf_reset(&got);
		cut_all(&got, text, piece);
		if (!slice_eq(buf_slice(&got), slice_str(want)))
			break;
	}
	tap_slice(buf_slice(&got), want, "%s (pieces of %zu)", name, piece);
	buf_clear(&got);
}

static void
test_values(void)
{
	check("nothing", SLICE(""), "");
	check("white space", SLICE(" \r\n\t"), "");
	check("one", SLICE("{\"a\":[1,{}]}"), "{\"a\":[1,{}]}|");
	check("lines", SLICE("1\n2\r\n\n\n\"x\"\n"), "1|2|\"x\"|");
	check("without a last line's end", SLICE("[1]\n2"), "[1]|2|");
	check("over lines", SLICE("{\n  \"a\": 1\n}\n[\n]\n"),
	    "{\n  \"a\": 1\n}|[\n]|");
	check("side by side", SLICE("[1][2]{}\"a\"\"b\"1\"c\"null[]true{}"),
	    "[1]|[2]|{}|\"a\"|\"b\"|1|\"c\"|null|[]|true|{}|");
	check("brackets in strings", SLICE("{\"]}\":\"\\\"}\"}[\"\\\\\"]"),
	    "{\"]}\":\"\\\"}\"}|[\"\\\\\"]|");
	check("RS of RFC 7464", SLICE("\x1e{\"a\":1}\n\x1e\x1e[]\n\x1e" "12\n"),
	    "{\"a\":1}|[]|12|");
	check("a byte order mark", SLICE("\xef\xbb\xbf[1] 2"), "[1]|2|");
	check("it alone", SLICE("\xef\xbb\xbf"), "");
	check("numbers", SLICE("-1.5e+3 0 1E2\n"), "-1.5e+3|0|1E2|");
}

static void
test_invalid(void)
{
	check("a word", SLICE("1 truefalse 2"), "1|truefalse?2|");
	check("text", SLICE("'a'"), "'?!");
	check("a comma between", SLICE("{},{}"), "{}|,?!");
	check("a bracket too much", SLICE("[]]"), "[]|]?!");
	check("another bracket", SLICE("[1}"), "[1}?!");
	check("no comma", SLICE("{\"a\":1\n\"b\":2}"), "{\"a\":1\n\"?!");
	check("no colon", SLICE("{\"a\" 1}"), "{\"a\" 1?!");
	check("no key", SLICE("{1:2}"), "{1?!");
	check("a last comma", SLICE("[1,]"), "[1,]?!");
	check("in objects, too", SLICE("{\"a\":1,}"), "{\"a\":1,}?!");
	check("a line's end in a string", SLICE("\"a\nb\""), "\"a\n?!");
	check("behind a backslash, too", SLICE("\"a\\\nb\""), "\"a\\\n?!");
	check("a second mark", SLICE("1 \xef\xbb\xbf" "2"), "1|\xef?!");
	check("an end too soon", SLICE("1 {\"a\":"), "1|{\"a\":?");
	check("in a string", SLICE("\"a\\"), "\"a\\?");
	check("in a word", SLICE("tru"), "tru?");
	check("RS within a value", SLICE("[1\x1e[2]"), "[1\x1e?!");
	check("a control character", SLICE("1\x01 2"), "1\x01?!");
}

static void
test_depth(void)
{
	char text[2 * JSON_DEPTH_DEFAULT + 1];
	struct json_cut c = { 0 };
	struct slice value;
	size_t used;

	memset(text, '[', JSON_DEPTH_DEFAULT);
	memset(text + JSON_DEPTH_DEFAULT, ']', JSON_DEPTH_DEFAULT);
	tap_int(json_cut(&c, slice_of(text + 1, sizeof(text) - 3), true,
	    &value, &used), JSON_CUT_VALUE, "deep");
	tap_ok(!c.broken && value.len == sizeof(text) - 3, "as events may be");
	c = (struct json_cut){ 0 };
	tap_int(json_cut(&c, slice_of(text, sizeof(text) - 1), false, &value,
	    &used), JSON_CUT_VALUE, "too deep");
	tap_ok(c.broken, "is where it breaks");
}

/* The place of a byte of the last value. */
static void
place(const char *text, size_t offset, unsigned line, unsigned column)
{
	struct json_cut c = { 0 };
	struct json_place at;
	struct slice rest = slice_str(text), value = { 0 }, last = { 0 };
	size_t used;

	while (json_cut(&c, rest, true, &value, &used) == JSON_CUT_VALUE) {
		last = value;
		rest = slice_of(rest.p + used, rest.len - used);
		if (c.broken)
			break;
	}
	at = json_cut_place(&c, last, offset);
	tap_int((int)at.line, (int)line, "line of byte %zu of %.*s", offset,
	    (int)last.len, last.p);
	tap_int((int)at.column, (int)column, "its column");
}

static void
test_places(void)
{
	place("1", 0, 0, 0);
	place("1\n\n 2", 0, 2, 1);
	place("{\n \"a\":\n  1 }", 10, 2, 2);
	place("\"\xc3\xa9\" [1]", 1, 0, 5);
	place("\xef\xbb\xbf[1,2]", 3, 0, 3);
	place("\xef\xbb\xbf\n[1,2]", 3, 1, 3);
	place("1\n2\n3 x#", 1, 2, 3);
}

int
main(void)
{
	test_values();
	test_invalid();
	test_depth();
	test_places();
	return tap_done();
}
