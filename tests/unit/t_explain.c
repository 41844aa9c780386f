/*
 * t_explain.c: why a route does not match a topic.
 */
#include "route/explain.h"

#include "route/load.h"
#include "tap.h"

struct test {
	const char *definition;	/* without its handler */
	const char *topic;
	const char *want;
};

static const struct test current[] = {
	{ "channel: a/b", "a/c", "it is the one topic a/b" },
	{ "channel: 'a/{x<\\d+>}/{y}'", "a/b/c",
	  "{x} requires \\d+, but there is \"b/c\"" },
	{ "channel: 'a/{x<\\d+>}/{y}'", "a/1",
	  "the topic ends where \"/\" must follow" },
	{ "channel: 'a/{x<\\d+>}/{y}'", "a/1/",
	  "nothing is left for {y} at \"\"" },
	{ "channel: 'a/{x<\\d+>}/{y}'", "a/1/b/c", "it ends before \"/c\"" },
	{ "channel: 'a/{x}/b'", "a/1/c",
	  "there is \"/c\" where \"/b\" must follow" },
	{ "channel: 'a/{x}', requirements: {x: {pattern: '\\d+',"
	  " wildcard: true}}", "a/all",
	  "{x} requires \\d+ or *, but there is \"all\"" },
	{ "channel: 'a/{x<\\d+>?1}'", "a/b",
	  "{x} requires \\d+, but there is \"b\"" },
	{ "channel: 'a/{x?1}'", "ab",
	  "there is \"b\" where \"/\" must follow" },
	{ "channel: 'a/{x<(?:b+)+>}'",
	  "a/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc",
	  "its requirements backtrack for too long on this topic" },
	{ "channel: 'x/{x}'", "y/1", "there is \"y/1\" where \"x\" must "
	  "follow" },
};

static const struct test legacy[] = {
	{ "channel: 'a/{x}/{y}', requirements: {x: {pattern: '\\d+'}}",
	  "a/b/c", "{x} requires \\d+, but there is \"b\"" },
	{ "channel: 'a/{x}/{y}'", "a/b",
	  "the topic ends where \"/\" must follow" },
	{ "channel: 'a/{x}'", "a/b/c", "it ends before \"/c\"" },
	{ "channel: '{x}'", "a", "it is the one topic {x}" },
};

static void
test_rows(const struct test *t, size_t n, bool is_legacy)
{
	struct buf text = { 0 };
	struct diags d = { 0 };
	struct routes *r;
	size_t i;

	for (i = 0; i < n; i++, t++) {
		buf_reset(&text);
		(void)buf_addf(&text, "r: {handler: h, %s}\n", t->definition);
		r = routes_load_text("t.yml", buf_slice(&text), is_legacy, &d);
		if (!tap_ok(r != NULL, "%s loads", t->definition))
			continue;
		buf_reset(&text);
		tap_int(explain_mismatch(&text, r, 0, slice_str(t->topic)), 0,
		    "there is memory");
		tap_slice(buf_slice(&text), t->want, "%s: %s", t->definition,
		    t->topic);
		routes_free(r);
	}
	diag_clear(&d);
	buf_clear(&text);
}

static void
test_starts(void)
{
	struct diags d = { 0 };
	struct routes *r = routes_load_text("t.yml",
	    SLICE("r: {handler: h, channel: 'a/{x}'}\n"), false, &d);

	if (!tap_ok(r != NULL, "the route loads"))
		return;
	tap_ok(explain_starts(r, 0, SLICE("a/")), "a/ starts as a/{x} does");
	tap_ok(!explain_starts(r, 0, SLICE("ab")), "ab does not");
	routes_free(r);
	diag_clear(&d);
}

int
main(void)
{
	test_rows(current, sizeof(current) / sizeof(current[0]), false);
	test_rows(legacy, sizeof(legacy) / sizeof(legacy[0]), true);
	test_starts();
	return tap_done();
}
