/*
 * t_json_pretty.c: JSON for people.
 */
#include "proto/json_pretty.h"

#include <string.h>

#include "proto/json.h"
#include "proto/json_shown.h"
#include "tap.h"

static const struct json_look compact = { false, false };
static const struct json_look indented = { true, false };
static const struct json_look coloured = { false, true };

static void
check(const struct json_look *look, const char *text, const char *want,
    const char *name)
{
	struct buf out = { 0 };
	struct json_elem value;
	struct json_error e;

	if (tap_int(json_scan_value(slice_str(text), JSON_DEPTH_DEFAULT,
	    &value, &e), 0, "%s: valid", name)) {
		tap_int(json_pretty(&out, value.text, look), 0, "%s: done",
		    name);
		tap_slice(buf_slice(&out), want, "%s", name);
	}
	buf_clear(&out);
}

static void
test_indent(void)
{
	check(&indented, "[1,{\"a\":[],\"b\":{ }},\"x\"]",
	    "[\n  1,\n  {\n    \"a\": [],\n    \"b\": {}\n  },\n  \"x\"\n]",
	    "one member a line, empty containers together");
	check(&indented, " { \"a\" :\n\t[ [ ] , 2 ] } ",
	    "{\n  \"a\": [\n    [],\n    2\n  ]\n}",
	    "white space of the input is gone");
	check(&indented, "[9007199254740993,1e400,-0.10]",
	    "[\n  9007199254740993,\n  1e400,\n  -0.10\n]",
	    "numbers keep their digits");
	check(&indented, "\"\\u00e9\\/[1,2]: {\\\"\"",
	    "\"\\u00e9\\/[1,2]: {\\\"\"", "strings keep their escapes");
	check(&indented, "null", "null", "a scalar alone");
}

static void
test_compact(void)
{
	check(&compact, "{ \"a\" : [\r\n1,\t2 ] }",
	    "{ \"a\" : [  1,\t2 ] }", "line ends become blanks");
}

static void
test_colour(void)
{
	check(&coloured, "{\"a\":null}",
	    "\033[1;39m{\033[0m\033[34;1m\"a\"\033[0m\033[1;39m:\033[0m"
	    "\033[0;90mnull\033[0m\033[1;39m}\033[0m",
	    "keys, marks and words");
	check(&coloured, "[\"a\",1,true]",
	    "\033[1;39m[\033[0m\033[0;32m\"a\"\033[0m\033[1;39m,\033[0m"
	    "\033[0;39m1\033[0m\033[1;39m,\033[0m\033[0;39mtrue\033[0m"
	    "\033[1;39m]\033[0m", "strings are no keys");
	check(&coloured, "{\"a\" \n:[ ]}",
	    "\033[1;39m{\033[0m\033[34;1m\"a\"\033[0m  \033[1;39m:\033[0m"
	    "\033[1;39m[\033[0m \033[1;39m]\033[0m\033[1;39m}\033[0m",
	    "a key is one whatever stands before its colon");
}

/* What xterm obeys without an ESC. */
static void
test_controls(void)
{
	check(&compact, "\"a\x7f\xc2\x9b" "31m\xc2\x80\"",
	    "\"a\\u007f\\u009b31m\\u0080\"", "DEL and C1 are escaped");
	check(&compact, "{\"\xc2\x9b\":1}", "{\"\\u009b\":1}",
	    "in keys as well");
	check(&compact, "\"a\xe2\x80\xae" "b\xe2\x80\xa8\xe2\x81\xa6\"",
	    "\"a\\u202eb\\u2028\\u2066\"", "so is what turns text around");
	check(&compact, "\"\xc2\xa0\xc3\x9b\xe2\x80\x9b\"",
	    "\"\xc2\xa0\xc3\x9b\xe2\x80\x9b\"",
	    "what only looks alike is not");
}

static void
shown(const char *text, bool lines, const char *want)
{
	struct buf out = { 0 };

	tap_int(json_shown(&out, slice_str(text), lines), 0, "shown");
	tap_slice(buf_slice(&out), want, "as %s", want);
	buf_clear(&out);
}

static void
test_shown(void)
{
	shown("", false, "");
	shown("plain \xc3\xa9", false, "plain \xc3\xa9");
	shown("\x1b[31m\a\x7f", false, "\\u001b[31m\\u0007\\u007f");
	shown("a\tb\nc\r", false, "a\\u0009b\\u000ac\\u000d");
	shown("a\tb\nc\r", true, "a\tb\nc\\u000d");
	shown("\xc2\x9b\xe2\x80\xae\xff", true, "\\u009b\\u202e\\ufffd");
}

static void
test_depth(void)
{
	char text[2 * JSON_DEPTH_DEFAULT + 1];
	struct buf out = { 0 };
	struct json_elem value;
	struct json_error e;

	memset(text, '[', JSON_DEPTH_DEFAULT);
	memset(text + JSON_DEPTH_DEFAULT, ']', JSON_DEPTH_DEFAULT);
	text[2 * JSON_DEPTH_DEFAULT] = '\0';
	tap_int(json_pretty(&out, slice_str(text), &indented), 0, "deep");
	tap_int(json_scan_value(buf_slice(&out), JSON_DEPTH_DEFAULT, &value,
	    &e), 0, "and still JSON");
	buf_clear(&out);
}

int
main(void)
{
	test_indent();
	test_compact();
	test_colour();
	test_controls();
	test_shown();
	test_depth();
	return tap_done();
}
