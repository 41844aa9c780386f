/*
 * t_client_format.c: events printed as a format string says.
 */
#include "client/format.h"

#include <string.h>

#include "tap.h"

static struct event
event_of(const char *topic, const char *value)
{
	struct event ev = { .number = 7, .time_us = 951782400012345 };
	struct json_error e;

	tap_int(json_scan_value(slice_str(topic), 1, &ev.topic, &e), 0,
	    "a topic");
	tap_int(json_scan_value(slice_str(value), JSON_DEPTH_DEFAULT,
	    &ev.value, &e), 0, "an event");
	return ev;
}

static void
check(const char *format, const char *value, const char *want,
    const char *name)
{
	struct event ev = event_of("\"a\\/b\"", value);
	struct buf out = { 0 };
	struct errbuf e = { "" };
	struct format *f = format_new(format, NULL, &e);

	if (tap_ok(f != NULL, "%s: is a format%s%s", name,
	    f == NULL ? ": " : "", f == NULL ? e.msg : "")) {
		tap_int(format_add(f, &out, &ev, true, &e), EVENT_OK,
		    "%s: is printed", name);
		tap_slice(buf_slice(&out), want, "%s", name);
	}
	format_free(f);
	buf_clear(&out);
}

static void
check_wrong(const char *format, const char *want)
{
	struct errbuf e = { "" };
	struct format *f = format_new(format, NULL, &e);

	tap_ok(f == NULL, "no format: %s", format);
	tap_str(e.msg, want, "and why");
	format_free(f);
}

static void
check_fault(const char *format, const char *value, const char *want)
{
	struct event ev = event_of("\"t\"", value);
	struct buf out = { 0 };
	struct errbuf e = { "" };
	struct format *f = format_new(format, NULL, &e);

	tap_int(format_add(f, &out, &ev, true, &e), EVENT_FAULT,
	    "%s does not fit %s", format, value);
	tap_str(e.msg, want, "and why");
	tap_int((int64_t)out.len, 0, "and nothing is printed");
	format_free(f);
	buf_clear(&out);
}

static void
test_letters(void)
{
	check("%t %p\\n", "{\"x\":\n1}", "a/b {\"x\": 1}\n",
	    "topic and event");
	check("%r", "\"\\u00e9\\t\"", "\xc3\xa9\t", "a raw string");
	check("%r", "[\"\\u00e9\"]", "[\"\\u00e9\"]", "raw, but no string");
	check("%n:%l", "[1, 2]", "7:6", "number and length");
	check("%I", "1", "2000-02-29T00:00:00.012Z", "ISO time");
	check("%U", "1", "951782400.012345", "Unix time");
	check("100%%\\\\\\t|", "1", "100%\\\t|", "escapes");
	check("", "1", "", "nothing");
}

static void
test_paths(void)
{
	const char *value = "{\"a\":{\"b\":[10,{\"x y\":9007199254740993}]},"
	    "\"s\":\"\\u00e9\",\"a1\":[ 1,\n2]}";

	check("%{.a.b[0]}", value, "10", "names and an index");
	check("%{.a[\"b\"][1][\"x y\"]}", value, "9007199254740993",
	    "digits are kept");
	check("%{.s}", value, "\xc3\xa9", "a string loses its quotes");
	check("%{.a1}", value, "[ 1, 2]", "no line's end comes in");
	check("%{.none}|%{.none.x[3]}|%{.a.b[9]}", value, "null|null|null",
	    "what is not there is null");
	check("%{.}", "[1 ]", "[1 ]", "the event itself");
	check("%{.[1]}", "[1,\"]}\"]", "]}", "an index first");
	check_fault("%t%{.a}", "1", "cannot index number with \"a\"");
	check_fault("%{.a}", "[]", "cannot index array with \"a\"");
	check_fault("%{.[0]}", "\"x\"", "cannot index string with a number");
}

static void
test_programs(void)
{
	check("<%{.a | length}>", "{\"a\":[1,2]}", "<2>", "a program");
	check("%{{b: .a} | .b}", "{\"a\":\"}\"}", "}", "braces in it");
	check("%{.a + \"}\\\"{\"}", "{\"a\":\"x\"}", "x}\"{",
	    "braces in its strings");
	check("%{.[]}", "[3,4]", "3", "the first result");
	check("<%{empty}>", "1", "<>", "no result");
	check("%{.a[-1]}", "{\"a\":[1,\"z\"]}", "z",
	    "an index from the end");
	check_fault("%{.a | error}", "{\"a\":\"no\"}", "no");
}

static void
test_faults(void)
{
	struct errbuf e = { "" };
	struct format *f;
	const char *known = "column 3: %t %p %r %n %l %I %U %R %{PATH} and %% "
	    "may follow a percent sign";

	check_wrong("ab%x", known);
	check_wrong("ab%", known);
	check_wrong("\xc3\xa9\\x",
	    "column 3: the escapes are \\n \\t \\0 \\\\");
	check_wrong("a\\", "column 2: the escapes are \\n \\t \\0 \\\\");
	check_wrong("a%{.b", "column 2: %{ without }");
	check_wrong("%{.b \"}", "column 1: %{ without }");
	check_wrong("%{}", "column 1: %{} without a path");
	/* The rest are jq's own words. */
	f = format_new("a%{.b |}", NULL, &e);
	tap_ok(f == NULL && strncmp(e.msg, "column 7: ", 10) == 0,
	    "a program's fault is where it stands: %s", e.msg);
	format_free(f);
}

int
main(void)
{
	test_letters();
	test_paths();
	test_programs();
	test_faults();
	return tap_done();
}
