/*
 * t_jq_exact.c: jq programs and numbers with more digits than a double.
 */
#include "proto/jq_exact.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tap.h"

/* Append the outputs, with blanks between. */
static void
run_all(struct buf *got, struct jq_exact *x)
{
	struct buf room = { 0 };
	enum jq_outcome next;
	struct slice text;
	struct errbuf e;

	while ((next = jq_exact_next(x, &e)) == JQ_OUTPUT &&
	    jq_exact_text(x, &room, &text) == 0) {
		if (got->len > 0)
			buf_add_char(got, ' ');
		buf_add_slice(got, text);
	}
	if (next == JQ_ERROR)
		buf_addf(got, "%s%s", got->len > 0 ? " " : "",
		    strstr(e.msg, "lose digits of") != NULL ? "LOST" :
		    "ERROR");
	buf_clear(&room);
}

/* What a program makes of an input; "LOST" where it would lose digits. */
static void
makes(const char *program, const char *input, const char *want)
{
	struct errbuf e = { "" };
	struct jq_exact *x = jq_exact_new(program, NULL, NULL, &e);
	struct buf got = { 0 };

	if (x == NULL) {
		tap_ok(false, "%s: %s", program, e.msg);
		return;
	}
	if (tap_int(jq_exact_start(x, slice_str(input), &e), 0, "%s of %s",
	    program, input))
		run_all(&got, x);
	tap_slice(buf_slice(&got), want, "%s of %s", program, input);
	buf_clear(&got);
	jq_exact_free(x);
}

#define ID	"9007199254740993"
#define DEEP	"{\"id\":" ID ",\"name\":\"x\",\"n\":5,\"v\":[" ID ",1]}"

static void
test_handed_on(void)
{
	makes(".", "{ \"id\" : " ID " }", "{ \"id\" : " ID " }");
	makes(".id", DEEP, ID);
	makes(".price", "{\"price\":1.0000000000000000001}",
	    "1.0000000000000000001");
	makes(".a[1]", "{\"a\":[1,1e400]}", "1e400");
	makes(".id?", DEEP, ID);
	makes(".name, .id, .n", DEEP, "\"x\" " ID " 5");
	makes("{id}", DEEP, "{\"id\":" ID "}");
	makes("[.v[], .n]", DEEP, "[" ID ",1,5]");
	makes(".name?", DEEP, "\"x\"");
	makes(".name.x", DEEP, "ERROR");
	makes(".v.x", "{\"v\":1}", "ERROR");
	makes(".n + 1", DEEP, "6");
	makes("select(.n > 4) | .v", DEEP, "[" ID ",1]");
	makes("del(.name) | del(.v)", DEEP, "{\"id\":" ID ",\"n\":5}");
	makes("to_entries[0]", DEEP, "{\"key\":\"id\",\"value\":" ID "}");
	makes("[.[]]", "[-9007199254740993,12345678901234567890,1e400,-0]",
	    "[-9007199254740993,12345678901234567890,1e400,-0]");
	makes(".[0:2]", "[1152921504606846977,1152921504606846978,3]",
	    "[1152921504606846977,1152921504606846978]");
	makes("{a: ., b: .}", ID, "{\"a\":" ID ",\"b\":" ID "}");
	makes("keys", "{\"9007199254740993\":9007199254740993}",
	    "[\"9007199254740993\"]");
	makes("[.a, .b]", "{\"a\":\"12345678901234567890\",\"b\":" ID "}",
	    "[\"12345678901234567890\"," ID "]");
	makes("map(type)", "[" ID ",\"x\"]", "[\"number\",\"string\"]");
	makes("length", "[" ID ",1]", "2");
	makes("map(numbers)", "[" ID ",\"x\",1]", "[" ID ",1]");
}

static void
test_compared(void)
{
	makes("[.[] | select(. > 5)]", "[" ID ",1]", "[" ID "]");
	makes("sort", "[" ID ",1152921504606846978,1152921504606846977,7]",
	    "[7," ID ",1152921504606846977,1152921504606846978]");
	makes("sort", "[1152921504606846977," ID ",7]",
	    "[7," ID ",1152921504606846977]");
	makes("unique", "[" ID "," ID "]", "[" ID "]");
	makes("unique", "[9007199254740992," ID "]", "LOST");
	makes(".[0] == .[1]", "[" ID "," ID "]", "true");
	makes(".[0] == .[1]", "[9007199254740992," ID "]", "LOST");
	makes(".[0] < .[1]", "[1152921504606846977,1152921504606846978]",
	    "LOST");
	makes(". == 9007199254740992", ID, "LOST");
	makes("max", "[" ID ",5]", ID);
}

static void
test_lost(void)
{
	makes(". + 1", ID, "LOST");
	makes(". - 1", "9007199254740992", "LOST");
	makes(".id + 1", "{\"id\":1152921504606846976}", "LOST");
	makes(". * 2", ID, "LOST");
	makes(". % 2", ID, "LOST");
	makes(". % 2", "1152921504606846977", "LOST");
	makes(". % 10", "12345678901234567890", "LOST");
	makes("\"user/\\(.id)\"", DEEP, "LOST");
	makes(".id | tostring", DEEP, "LOST");
	makes("tojson", DEEP, "LOST");
	makes("@csv", "[" ID "]", "LOST");
	makes("{(.id|tostring): 1}", DEEP, "LOST");
	makes(".id | tostring | length", "{\"id\":12345678901234567890}",
	    "LOST");
	makes("[limit(3; range(.; infinite))]", ID, "LOST");
	makes(".v[.id]", DEEP, "null");
	makes("-.", ID, "LOST");
	/* What came before is there. */
	makes(".n, .id + 1", DEEP, "5 LOST");
	makes("if . % 2 == 0 then error(\"even\") else . end", ID, "LOST");
	makes("error(\"x\")", ID, "ERROR");
}

static void
test_time(void)
{
	struct errbuf e;
	struct jq_exact *x = jq_exact_new("[now, .id]", NULL, NULL, &e);
	double before = (double)clock_wall_us() / 1e6;
	struct buf got = { 0 };
	char *behind;

	tap_int(jq_exact_start(x, SLICE(DEEP), &e), 0, "the time");
	run_all(&got, x);
	tap_ok(strtod(buf_cstr(&got) + 1, &behind) >= before - 0.001 &&
	    strcmp(behind, "," ID "]") == 0, "is no digit lost: %s",
	    got.data);
	buf_clear(&got);
	jq_exact_free(x);
}

/* With members, each of which may have some. */
static void
members(const char *program, const char *topic, const char *event,
    const char *name, const char *want)
{
	const struct jq_member v[] = {
		{ .name = "topic", .text = slice_str(topic) },
		{ .name = "event", .text = slice_str(event) },
	};
	struct errbuf e = { "" };
	struct jq_exact *x = jq_exact_new(program, NULL, NULL, &e);
	struct buf room = { 0 };
	struct slice text = SLICE("nothing");

	if (tap_int(jq_exact_start_members(x, v, 2, &e), 0, "%s",
	    program) && jq_exact_next(x, &e) != JQ_OUTPUT)
		text = strstr(e.msg, "lose digits") != NULL ? SLICE("LOST") :
		    SLICE("ERROR");
	else if (name == NULL)
		(void)jq_exact_text(x, &room, &text);
	else
		(void)jq_exact_member(x, name, &room, &text);
	tap_slice(text, want, "%s", program);
	buf_clear(&room);
	jq_exact_free(x);
}

static void
test_members(void)
{
	members(".event", "\"t\"", "{ \"id\": " ID " }", NULL,
	    "{ \"id\": " ID " }");
	members("{event, topic}", "\"t\"", "{ \"id\": " ID " }", "event",
	    "{ \"id\": " ID " }");
	members("{event, topic}", ID, "[ " ID " ]", "topic", ID);
	members("{event: {id: .event.id}}", "\"t\"", "{\"id\":" ID "}",
	    "event", "{\"id\":" ID "}");
	members("{event}", "\"t\"", ID, "topic", "nothing");
	members("{topic: \"u/\\(.event)\"}", "\"t\"", ID, "topic", "LOST");
	members("{topic: \"u/\\(.event)\"}", "\"t\"", "7", "topic",
	    "\"u/7\"");
	members(".event.id", "\"t\"", "{\"id\":" ID "}", NULL, ID);
}

/* What was kept is had again, whichever way the runs went. */
static void
test_kept(void)
{
	struct jq_member v[] = { { .name = "route", .text = SLICE(ID) },
	    { .name = "topic", .text = SLICE("\"t\"") },
	    { .name = "event", .text = SLICE("1") } };
	struct errbuf e = { "" };
	struct jq_exact *x = jq_exact_new("[.route, .topic, .event]", NULL,
	    NULL, &e);
	struct buf got = { 0 };

	(void)jq_exact_start_members(x, v, 3, &e);
	run_all(&got, x);
	v[0].text = v[1].text = SLICE("");
	v[0].same = v[1].same = true;
	v[2].text = SLICE("9007199254740995");
	(void)jq_exact_start_members(x, v, 3, &e);
	run_all(&got, x);
	v[0] = (struct jq_member){ .name = "route", .text = SLICE("2") };
	v[2].text = SLICE("3");
	(void)jq_exact_start_members(x, v, 3, &e);
	run_all(&got, x);
	v[0] = (struct jq_member){ .name = "route", .same = true };
	v[2].text = SLICE("4");
	(void)jq_exact_start_members(x, v, 3, &e);
	run_all(&got, x);
	v[2].text = SLICE("9007199254740997");
	(void)jq_exact_start_members(x, v, 3, &e);
	tap_ok(jq_exact_is_input(x, 2, v[2].text), "the last is an input");
	run_all(&got, x);
	tap_slice(buf_slice(&got), "[" ID ",\"t\",1] "
	    "[" ID ",\"t\",9007199254740995] [2,\"t\",3] [2,\"t\",4] "
	    "[2,\"t\",9007199254740997]", "kept members");
	tap_int(jq_exact_start(x, SLICE("[1]"), &e), 0, "a whole input");
	tap_int(jq_exact_start_members(x, v, 3, &e), -1, "%s", e.msg);
	buf_clear(&got);
	jq_exact_free(x);
}

/* One program, run after run. */
static void
test_again(void)
{
	static const char *const inputs[] = { "[1]", "[" ID "]", "[2]",
	    "[1e400]", "[" ID ",1]" };
	struct errbuf e;
	struct jq_exact *x = jq_exact_new("[.[]]", NULL, NULL, &e);
	struct buf got = { 0 };
	size_t i;

	for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		buf_reset(&got);
		(void)jq_exact_start(x, slice_str(inputs[i]), &e);
		run_all(&got, x);
		tap_slice(buf_slice(&got), inputs[i], "again, %s", inputs[i]);
	}
	buf_clear(&got);
	jq_exact_free(x);
}

static void
refused(const char *program, unsigned line, unsigned column)
{
	struct jq_place at;
	struct errbuf e = { "" };

	tap_ok(jq_exact_new(program, NULL, &at, &e) == NULL, "%s", e.msg);
	tap_int((int)at.line, (int)line, "its line");
	tap_int((int)at.column, (int)column, "its column");
}

int
main(void)
{
	test_handed_on();
	test_compared();
	test_lost();
	test_time();
	test_members();
	test_kept();
	test_again();
	refused(".id == 9007199254740993", 1, 8);
	refused("1\n| 9007199254740993", 2, 3);
	return tap_done();
}
