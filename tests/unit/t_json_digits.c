/*
 * t_json_digits.c: long numbers, and what takes their place for a while.
 */
#include "proto/json_digits.h"

#include <stdlib.h>

#include "proto/jq_literal.h"
#include "proto/json.h"
#include "tap.h"

/* ---- which are long ---- */

static void
is_long(const char *number, bool want)
{
	tap_int(json_is_long(slice_str(number), NULL), want, "%s is %s",
	    number, want ? "long" : "not long");
}

static void
test_long(void)
{
	is_long("0", false);
	is_long("-0", false);
	is_long("9007199254740991", false);
	is_long("-9007199254740991", false);
	is_long("9007199254740992", true);
	is_long("9007199254740993", true);
	is_long("-9007199254740993", true);
	is_long("12345678901234567890", true);
	is_long("9007199254740991.9", false);
	is_long("9007199254740993.0", true);
	is_long("0.12345678901234567890", false);
	is_long("1.0000000000000000001", false);
	is_long("1E2", false);
	is_long("1e15", false);
	is_long("1e16", true);
	is_long("9.007199254740992e15", true);
	is_long("9.007199254740991e15", false);
	is_long("90071992547409920000e-4", true);
	is_long("0.0000000000000000000009007199254740993e40", true);
	is_long("1e400", true);
	is_long("1e-400", false);
	is_long("0e400", false);
	is_long("-0.000e999999999999", false);
	is_long("1e99999999999999999999", true);
	is_long("1e-99999999999999999999", false);
}

static void
is_held(const char *number, bool want)
{
	tap_int(json_is_held(slice_str(number)), want, "%s is %s", number,
	    want ? "held" : "not held");
}

static void
test_held(void)
{
	is_held("9007199254740991", true);
	is_held("9007199254740992", true);
	is_held("9007199254740993", false);
	is_held("9007199254740994", true);
	is_held("100000000000000000000", true);
	is_held("1152921504606846976", false);	/* 2^60 has more digits */
	is_held("72057594037927936", false);
	is_held("9223372036854775807", false);
	is_held("1e400", false);
	is_held("6.02e23", true);
}

/* ---- there and back ---- */

static void
texts(struct slice made[JSON_DIGITS_RUNS], struct buf room[JSON_DIGITS_RUNS],
    const struct json_digits *d, const char *text)
{
	unsigned run;

	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		buf_reset(&room[run]);
		tap_int(json_digits_write(d, run, slice_str(text),
		    &room[run]), 0, "%s, run %u", text, run);
		made[run] = buf_slice(&room[run]);
	}
}

/* What a program hands on comes back. */
static void
back(const char *text)
{
	struct buf room[JSON_DIGITS_RUNS] = { { 0 } }, out = { 0 };
	struct slice made[JSON_DIGITS_RUNS];
	struct json_digits d = { 0 };
	unsigned run;

	tap_int(json_digits_add(&d, slice_str(text)), 0, "%s", text);
	json_digits_settle(&d);
	texts(made, room, &d, text);
	tap_int(json_digits_restore(&d, made, 0, 0, &out), JSON_DIGITS_KEPT,
	    "kept");
	tap_slice(buf_slice(&out), text, "and the same");
	for (run = 0; run < JSON_DIGITS_RUNS; run++)
		buf_clear(&room[run]);
	buf_clear(&out);
	json_digits_clear(&d);
}

static void
test_back(void)
{
	back("{\"a\":9007199254740993,\"b\":[1,-9007199254740993,2.5]}");
	back("[9007199254740992,9007199254740993,9007199254740994]");
	/* All of them have the same two neighbours. */
	back("[1152921504606846977,1152921504606846978,1152921504606846979,"
	    "-1152921504606846979,1152921504606846977]");
	back("[1e400,-1e400,1e500,12345678901234567890.5,1e16,1E17]");
	back("{\"9007199254740993\":\"9007199254740993\"}");
	back("[\"\\\"9007199254740993\",9007199254740993]");
	back("9007199254740993");
	back("{}");
}

/* All three keep the order that the numbers have. */
static void
test_order(void)
{
	static const char *const sorted[] = { "-1e400", "-9007199254740995",
	    "-9007199254740993", "9007199254740992", "9007199254740993",
	    "9007199254740994", "1152921504606846977", "1e400" };
	struct json_digits d = { 0 };
	size_t n = sizeof(sorted) / sizeof(sorted[0]), i;
	double last = 0, this;
	struct buf one = { 0 };

	for (i = 0; i < n; i++)
		tap_int(json_digits_add(&d, slice_str(sorted[i])), 0, "%s",
		    sorted[i]);
	json_digits_settle(&d);
	for (i = 0; i < n; i++, last = this) {
		buf_reset(&one);
		(void)json_digits_write(&d, 2, slice_str(sorted[i]), &one);
		this = strtod(buf_cstr(&one), NULL);
		tap_ok(i == 0 || this > last, "%s is in order", sorted[i]);
	}
	for (i = 0; i < d.n; i++)
		tap_ok(d.v[i].as[0] != d.v[i].as[1] &&
		    d.v[i].as[1] != d.v[i].as[2], "three numbers");
	buf_clear(&one);
	json_digits_clear(&d);
}

/* What three runs made: of 9007199254740993 in the input. */
static void
made(const char *a, const char *b, const char *c, const char *want)
{
	const struct slice all[] = { slice_str(a), slice_str(b),
	    slice_str(c) };
	struct json_digits d = { 0 };
	struct buf out = { 0 };
	enum json_digits_verdict verdict;

	(void)json_digits_add(&d, SLICE("9007199254740993"));
	json_digits_settle(&d);
	verdict = json_digits_restore(&d, all, 100, 200, &out);
	tap_int(verdict, want != NULL ? JSON_DIGITS_KEPT : JSON_DIGITS_LOST,
	    "%s, %s, %s", a, b, c);
	if (want != NULL)
		tap_slice(buf_slice(&out), want, "made %s", want);
	buf_clear(&out);
	json_digits_clear(&d);
}

static void
test_made(void)
{
	made("1", "1", "1", "1");
	made("true", "true", "true", "true");
	made("true", "false", "true", NULL);
	made("\"9007199254740992\"", "\"9007199254740994\"", "\"1\"", NULL);
	made("[1]", "[1]", "[1,2]", NULL);
	made("[1,2]", "[1]", "[1,2]", NULL);
	made("[1,2]", "[1,\"2\"]", "[1,2]", NULL);
	made("9007199254740992", "9007199254740994", "1", NULL);
	made("9007199254740992", "9007199254740992", "9007199254740992",
	    "9007199254740992");
	made("1", "", "1", NULL);
	made("{\"a\":1}", "{\"b\":1}", "{\"a\":1}", NULL);
	/* The time of day. */
	made("[150.1]", "[150.2]", "[150.3]", "[150.1]");
	made("[150.3]", "[150.2]", "[150.1]", NULL);
	made("[150.1]", "[150.2]", "[250.1]", NULL);
}

/* ---- programs ---- */

static void
literal(const char *program, const char *want)
{
	struct slice number = { NULL, 0 };

	tap_int(jq_literal_lossy(program, &number), want != NULL, "%s",
	    program);
	if (want != NULL)
		tap_slice(number, want, "names %s", want);
}

static void
test_literals(void)
{
	literal(".", NULL);
	literal(".id == 9007199254740993", "9007199254740993");
	literal(".id > 9007199254740992", NULL);
	literal("-9007199254740993", "9007199254740993");
	literal("\"9007199254740993\"", NULL);
	literal("\"\\(9007199254740993)\"", "9007199254740993");
	literal("\"\\((1) | \"a\\(2)\") 9007199254740993\"", NULL);
	literal("\"\\((1) | \"a\\(2)\")\" | 9007199254740993",
	    "9007199254740993");
	literal("\"\\\"9007199254740993\"", NULL);
	literal("# 9007199254740993\n1", NULL);
	literal("# 1\n9007199254740993", "9007199254740993");
	literal(".a9007199254740993", NULL);
	literal("$a9007199254740993 | @base64", NULL);
	literal("1e1000", NULL);
	literal("3.14159265358979323846", NULL);
	literal("[1,2,12345678901234567890]", "12345678901234567890");
	literal("\"unterminated 9007199254740993", NULL);
	literal("\"a\\", NULL);
	literal(") 9007199254740993", "9007199254740993");
}

int
main(void)
{
	test_long();
	test_held();
	test_back();
	test_order();
	test_made();
	test_literals();
	return tap_done();
}
