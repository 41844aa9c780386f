/*
 * t_jq.c: jq programs: what they yield, what they say when they fail, and
 * which bytes they leave alone.
 */
#include "proto/jq.h"

#include <string.h>

#include "tap.h"

/* Compile a program that must be right. */
static struct jq_program *
compile(const char *text)
{
	struct errbuf e;
	struct jq_program *p = jq_program_new(text, NULL, NULL, &e);

	tap_ok(p != NULL, "%s compiles", text);
	if (p == NULL)
		tap_diag("%s", e.msg);
	return p;
}

/* Append what a started run yields, each output and the error behind it a
 * ";" apart, at most `most` of them. */
static void
collect(struct jq_program *p, size_t most, struct buf *all)
{
	struct buf room = { 0 };
	struct errbuf e;
	enum jq_outcome next = JQ_END;
	struct slice text;

	for (; most > 0 && (next = jq_run_next(p, &e)) == JQ_OUTPUT; most--) {
		tap_int(jq_output_text(p, &room, &text), 0, "has a text");
		(void)buf_add_slice(all, text);
		(void)buf_add_str(all, "; ");
	}
	if (next == JQ_ERROR)
		(void)buf_addf(all, "error: %s", e.msg);
	buf_clear(&room);
}

/* What a program yields for an input, as collect() puts it. */
static void
yields(const char *program, const char *input, const char *want)
{
	struct jq_program *p = compile(program);
	struct buf all = { 0 };
	struct errbuf e;

	if (p == NULL)
		return;
	if (jq_run_start(p, slice_str(input), &e) == 0)
		collect(p, 5, &all);
	else
		(void)buf_addf(&all, "refused: %s", e.msg);
	tap_str(buf_cstr(&all), want, "%s of %.40s", program, input);
	buf_clear(&all);
	jq_program_free(p);
}

static void
test_outputs(void)
{
	yields(".", "{\"a\":[1,2]}", "{\"a\":[1,2]}; ");
	yields(".a[]", "{\"a\":[1,\"x\",null]}", "1; \"x\"; null; ");
	yields("empty", "1", "");
	yields("", "[1]", "[1]; ");
	yields("range(.)", "9", "0; 1; 2; 3; 4; ");
	yields("{b,a}", "{\"a\":1,\"b\":\"\\u00e9\"}",
	    "{\"b\":\"\303\251\",\"a\":1}; ");
	yields("1, halt, 2", "null", "1; ");
	yields("debug | [.]", "1", "[1]; ");
	yields("[debug, debug]", "[\"x\"]", "[[\"x\"],[\"x\"]]; ");
	yields("[input]", "1", "error: break");
	yields("nan, infinite", "1", "null; 1.7976931348623157e+308; ");
	yields("input_filename", "1", "null; ");
}

static void
test_errors(void)
{
	yields(".a", "[]", "error: Cannot index array with string \"a\"");
	yields("1, error(\"no\\nway\")", "[]", "1; error: no way");
	yields("error({code: 4})", "[]", "error: {\"code\":4}");
	yields("\"bye\" | halt_error", "[]", "error: bye");
	yields("error(null)", "[]", "");
	yields(".", "[1", "refused: Unfinished JSON term at EOF at line 1, "
	    "column 2");
}

/* Bison says "end of file" since 3.6, and "$end" before. */
static void
name_end_as_before(char *msg)
{
	char *at = strstr(msg, "end of file");

	if (at != NULL)
		memcpy(at, "$end", sizeof("$end"));
}

/* A program that is wrong: what is said, and where. */
static void
wrong(const char *program, unsigned line, unsigned column, const char *want)
{
	struct jq_place at = { 99, 99 };
	struct errbuf e;
	struct jq_program *p = jq_program_new(program, NULL, &at, &e);

	if (!tap_ok(p == NULL, "refused: %s", want)) {
		jq_program_free(p);
		return;
	}
	name_end_as_before(e.msg);
	tap_str(e.msg, want, "%s: message", want);
	tap_int(at.line, line, "%s: line", want);
	tap_int(at.column, column, "%s: column", want);
}

static void
test_compile_errors(void)
{
	wrong(".a | foo(1)", 1, 6, "foo/1 is not defined");
	wrong(".a\n| $x", 2, 3, "$x is not defined");
	wrong("\"\303\251\" | $x | $y", 1, 8, "$x is not defined");
	wrong(".a &&", 1, 4, "syntax error, unexpected INVALID_CHARACTER, "
	    "expecting $end");
	wrong("{", 1, 1, "syntax error, unexpected $end");
	wrong("{\n\n", 1, 2, "syntax error, unexpected $end");
	wrong("import \"x\" as x; .", 0, 0, "module not found: x");
	wrong("include \"x\"; .", 0, 0, "module not found: x");
}

/* ---- bytes that stay as they are ---- */

#define EVENT	"{ \"n\": 12345678901234567890, \"\\u0061\": 1.0 }"

/* Start on what a handler gives. */
static void
start_handler(struct jq_program *p)
{
	static const struct jq_member members[] = {
		{ "topic", { "\"a\\/b\"", 6 }, false },
		{ "route", { "null", 4 }, false },
		{ "event", { EVENT, sizeof(EVENT) - 1 }, false },
	};
	struct errbuf e;

	tap_int(jq_run_start_members(p, members, 3, &e), 0, "starts");
}

/* The member of the program's only output; NULL: there is none. */
static void
member_is(const char *program, const char *name, const char *want)
{
	struct jq_program *p = compile(program);
	struct buf room = { 0 };
	struct slice text;
	struct errbuf e;

	if (p == NULL)
		return;
	start_handler(p);
	tap_int(jq_run_next(p, &e), JQ_OUTPUT, "%s has an output", program);
	tap_int(jq_output_member(p, name, &room, &text), want != NULL,
	    "%s: has %s", program, name);
	if (want != NULL)
		tap_slice(text, want, "%s: %s", program, name);
	buf_clear(&room);
	jq_program_free(p);
}

/* libjq 1.7 keeps a number as it was written until something is computed of
 * it; 1.6 rounds it at once. */
static bool
keeps_numbers(void)
{
	struct jq_program *p = compile("{a}");
	struct buf room = { 0 };
	struct slice text = { 0 };
	struct errbuf e;
	bool keeps;

	tap_int(jq_run_start(p, SLICE("{\"a\":1.0}"), &e), 0, "starts");
	tap_int(jq_run_next(p, &e), JQ_OUTPUT, "has an output");
	tap_int(jq_output_text(p, &room, &text), 0, "has a text");
	keeps = slice_eq(text, SLICE("{\"a\":1.0}"));
	buf_clear(&room);
	jq_program_free(p);
	return keeps;
}

static void
test_untouched(void)
{
	bool keeps = keeps_numbers();

	member_is("{event}", "event", EVENT);
	member_is("select(.event.n > 1) | {event, x: 1}", "event", EVENT);
	member_is("{topic: (.topic + \"/c\"), event}", "topic", "\"a/b/c\"");
	member_is("{event: .topic}", "event", "\"a\\/b\"");
	member_is("{event: (.event | .a += 1)}", "event", keeps ?
	    "{\"n\":12345678901234567890,\"a\":2}" :
	    "{\"n\":12345678901234567000,\"a\":2}");
	member_is("{event: .event.a}", "event", keeps ? "1.0" : "1");
	member_is("{event: null}", "event", "null");
	member_is("{event}", "topic", NULL);
	member_is("[.event]", "event", NULL);
	yields(".", EVENT, EVENT "; ");
	yields("select(.n)", EVENT, EVENT "; ");
	yields("{n, a}", EVENT, keeps ?
	    "{\"n\":12345678901234567890,\"a\":1.0}; " :
	    "{\"n\":12345678901234567000,\"a\":1}; ");
	yields(".", "1.50", "1.50; ");
}

/* The original is handed out, not a copy of it. */
static void
test_original(void)
{
	static const char event[] = EVENT;
	struct jq_program *p = compile(".");
	struct slice text;
	struct errbuf e;

	tap_int(jq_run_start(p, slice_str(event), &e), 0, "starts");
	tap_int(jq_run_next(p, &e), JQ_OUTPUT, "has an output");
	tap_int(jq_output_text(p, NULL, &text), 0, "needs no room");
	tap_ok(text.p == event, "is the input itself");
	jq_program_free(p);
}

static void
test_types(void)
{
	static const enum json_type want[] = { JSON_NULL, JSON_FALSE,
	    JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
	struct jq_program *p = compile("null, false, true, 1, \"\", [], {}");
	struct errbuf e;
	size_t i;

	tap_int(jq_run_start(p, SLICE("1"), &e), 0, "starts");
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		tap_int(jq_run_next(p, &e), JQ_OUTPUT, "output %zu", i);
		tap_int(jq_output_type(p), want[i], "type %zu", i);
	}
	tap_int(jq_run_next(p, &e), JQ_END, "no more");
	tap_int(jq_run_next(p, &e), JQ_END, "still no more");
	jq_program_free(p);
}

/* ---- one run after the other ---- */

static void
again(struct jq_program *p, const char *input, size_t most, const char *want)
{
	struct buf all = { 0 };
	struct errbuf e;

	tap_int(jq_run_start(p, slice_str(input), &e), 0, "starts");
	collect(p, most, &all);
	tap_str(buf_cstr(&all), want, "%s anew", input);
	buf_clear(&all);
}

/* Whatever state a run was left in, the next one knows nothing of it. */
static void
test_runs(void)
{
	struct jq_program *p = compile("if . == 0 then halt_error elif . < 0 "
	    "then error(\"low\") else range(.) end");
	struct errbuf e;

	again(p, "2", 5, "0; 1; ");
	again(p, "-1", 5, "error: low");
	again(p, "0", 5, "error: 0");
	again(p, "3", 1, "0; ");
	jq_run_stop(p);
	tap_int(jq_run_next(p, &e), JQ_END, "nothing after a stop");
	again(p, "9", 2, "0; 1; ");
	tap_int(jq_run_start(p, SLICE("{"), &e), -1, "bad input is refused");
	tap_int(jq_run_next(p, &e), JQ_END, "nothing after a bad start");
	again(p, "1", 5, "0; ");
	jq_program_free(p);
	jq_program_free(NULL);
}

/* Texts in the middle of others: nothing reads on behind them. */
static void
test_bounds(void)
{
	struct jq_program *p = compile(".");
	struct buf all = { 0 };
	struct errbuf e;
	int i;

	tap_int(jq_run_start(p, slice_of("[12345", 3), &e), -1, "cut short");
	tap_int(jq_run_start(p, slice_of("12345", 3), &e), 0, "a part");
	collect(p, 2, &all);
	tap_str(buf_cstr(&all), "123; ", "of a number");
	buf_reset(&all);
	for (i = 0; i < 300; i++)
		(void)buf_add_char(&all, '[');
	for (i = 0; i < 300; i++)
		(void)buf_add_char(&all, ']');
	tap_int(jq_run_start(p, buf_slice(&all), &e), -1,
	    "deeper than libjq goes");
	tap_ok(strstr(e.msg, "depth") != NULL, "and it says so");
	buf_clear(&all);
	jq_program_free(p);
}

static void
check_next(struct jq_program *p, const char *want)
{
	struct buf room = { 0 };
	struct slice text = { 0 };
	struct errbuf e;

	tap_int(jq_run_next(p, &e), JQ_OUTPUT, "has an output");
	tap_int(jq_output_text(p, &room, &text), 0, "has a text");
	tap_slice(text, want, "%s", want);
	buf_clear(&room);
}

/* Members that are the same again, and one that is not. */
static void
test_same(void)
{
	struct jq_program *p = compile("\"\\(.a)\\(.b)\\(.c)\", {a}");
	struct jq_member v[] = {
		{ "a", { "1", 1 }, false }, { "b", { "2", 1 }, false },
		{ "c", { "3", 1 }, false },
	};
	struct errbuf e;
	size_t i;

	v[1].same = true;
	tap_int(jq_run_start_members(p, v, 3, &e), -1, "there is none yet");
	v[1].same = false;
	for (i = 0; i < 3; i++) {
		tap_int(jq_run_start_members(p, v, 3, &e), 0, "starts");
		check_next(p, i == 2 ? "\"823\"" : "\"123\"");
		check_next(p, i == 2 ? "{\"a\":8}" : "{\"a\":1}");
		v[0].same = i == 0;
		v[1].same = true;
		v[0].text = v[1].text = SLICE("8");
	}
	jq_program_free(p);
}

int
main(void)
{
	test_outputs();
	test_errors();
	test_compile_errors();
	test_untouched();
	test_original();
	test_types();
	test_runs();
	test_bounds();
	test_same();
	return tap_done();
}
