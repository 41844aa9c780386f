/*
 * t_wamp1.c: the codec of WAMP version 1 against its vectors, and building.
 */
#include "proto/wamp1.h"

#include "tap.h"
#include "vectors.h"
#include "wamp1_text.h"

/* ---- parsing ---- */

static void
dump_parsed(struct buf *out, struct slice text,
    const struct wamp1_rules *rules)
{
	struct wamp1_error e;
	struct wamp_msg m;

	if (wamp1_parse(&m, text, rules, &e) == 0)
		wamp1_dump(out, &m);
	else
		buf_addf(out, "close %u at %zu: %s", (unsigned)e.close_code,
		    e.offset, e.what);
}

/* What was understood, written as a message, is understood the same way.
 * A WELCOME is the exception: its strings are written anew. */
static void
check_rebuilt(const struct vector *v, const struct wamp1_rules *rules)
{
	struct buf again = { 0 }, got = { 0 };
	struct wamp1_error e;
	struct wamp_msg m;

	if (wamp1_parse(&m, v->input, rules, &e) == 0 &&
	    m.type != WAMP_WELCOME) {
		wamp1_rebuild(&again, &m, rules);
		dump_parsed(&got, buf_slice(&again), rules);
		tap_slice(buf_slice(&got), v->want,
		    "wamp1.txt line %zu, built again", v->line);
	}
	buf_clear(&again);
	buf_clear(&got);
}

static void
check_as(const struct vector *v, enum wamp1_role role,
    enum wamp_compat compat)
{
	struct wamp1_rules rules = { role, compat, JSON_DEPTH_DEFAULT };
	struct buf got = { 0 };

	dump_parsed(&got, v->input, &rules);
	tap_slice(buf_slice(&got), v->want, "wamp1.txt line %zu, %s", v->line,
	    compat == WAMP_COMPAT_ORO ? "oro" : "spec");
	check_rebuilt(v, &rules);
	buf_clear(&got);
}

/* "client", "server" (in both modes), "server oro" or "server spec". */
static void
check_vector(const struct vector *v)
{
	enum wamp1_role role = strncmp(v->how, "client", 6) == 0 ?
	    WAMP1_CLIENT : WAMP1_SERVER;

	if (strstr(v->how, "spec") == NULL)
		check_as(v, role, WAMP_COMPAT_ORO);
	if (strstr(v->how, "oro") == NULL)
		check_as(v, role, WAMP_COMPAT_SPEC);
}

static void
test_depth(void)
{
	struct wamp1_rules rules = { WAMP1_SERVER, WAMP_COMPAT_ORO, 2 };
	struct buf got = { 0 };

	dump_parsed(&got, SLICE("[7,\"t\",[]]"), &rules);
	tap_slice(buf_slice(&got), "PUBLISH uri=\"t\" event=[] exclude=none",
	    "an event as deep as the rules allow");
	buf_reset(&got);
	dump_parsed(&got, SLICE("[7,\"t\",[[]]]"), &rules);
	tap_slice(buf_slice(&got), "close 1007 at 8: nested too deeply",
	    "an event that is too deep");
	buf_clear(&got);
}

static void
test_empty(void)
{
	struct wamp1_rules rules = { WAMP1_SERVER, WAMP_COMPAT_ORO, 2 };
	struct wamp1_error e;
	struct wamp_msg m;

	tap_int(wamp1_parse(&m, slice_of(NULL, 0), &rules, &e), -1,
	    "an empty message is refused");
	tap_int(e.close_code, 1007, "with 1007");
}

/* ---- building ---- */

static void
check_built(const struct slice *parts, size_t n, const char *want)
{
	struct buf out = { 0 };

	tap_ok(n <= WAMP1_PARTS_MAX, "parts enough for %s", want);
	tap_int(wamp1_join(&out, parts, n), 0, "joined");
	tap_slice(buf_slice(&out), want, "%s", want);
	buf_clear(&out);
}

static void
test_build(void)
{
	const struct slice none = { 0 }, id = SLICE("\"i\""),
	    uri = SLICE("\"u\""), one = SLICE("1");
	struct slice p[WAMP1_PARTS_MAX];

	check_built(p, wamp1_event(p, uri, one), "[8,\"u\",1]");
	check_built(p, wamp1_callresult(p, id, one), "[3,\"i\",1]");
	check_built(p, wamp1_callerror(p, id, uri, SLICE("\"\""), none),
	    "[4,\"i\",\"u\",\"\"]");
	check_built(p, wamp1_callerror(p, id, uri, SLICE("\"\""), one),
	    "[4,\"i\",\"u\",\"\",1]");
	check_built(p, wamp1_prefix(p, SLICE("\"p\""), uri),
	    "[1,\"p\",\"u\"]");
	check_built(p, wamp1_call(p, id, uri, none), "[2,\"i\",\"u\"]");
	check_built(p, wamp1_call(p, id, uri, SLICE("1,[2]")),
	    "[2,\"i\",\"u\",1,[2]]");
	check_built(p, wamp1_subscribe(p, uri), "[5,\"u\"]");
	check_built(p, wamp1_unsubscribe(p, uri), "[6,\"u\"]");
	check_built(p, wamp1_publish(p, uri, one, none, none),
	    "[7,\"u\",1]");
	check_built(p, wamp1_publish(p, uri, one, SLICE("true"), none),
	    "[7,\"u\",1,true]");
	check_built(p, wamp1_publish(p, uri, one, SLICE("[]"),
	    SLICE("[\"s\"]")), "[7,\"u\",1,[],[\"s\"]]");
}

static void
test_welcome(void)
{
	struct buf out = { 0 };

	tap_int(wamp1_welcome(&out, SLICE("v59mb"), SLICE("wampd/1")), 0,
	    "WELCOME is built");
	tap_slice(buf_slice(&out), "[0,\"v59mb\",1,\"wampd/1\"]",
	    "with id, version and ident");
	buf_reset(&out);
	tap_int(wamp1_welcome(&out, SLICE("\""), SLICE("")), 0,
	    "WELCOME is built without ident");
	tap_slice(buf_slice(&out), "[0,\"\\\"\",1,\"\"]", "and quotes");
	buf_clear(&out);
}

int
main(void)
{
	vectors_run("tests/vectors/wamp1.txt", check_vector);
	test_depth();
	test_empty();
	test_build();
	test_welcome();
	return tap_done();
}
