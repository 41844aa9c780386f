/*
 * t_pattern.c: channel patterns become the expressions that PHP's router
 * makes of them, and those match what PHP's would.
 */
#include "route/pattern.h"

#include <stdio.h>
#include <string.h>

#include "route/regex.h"
#include "tap.h"

#define PAIRS	4	/* requirements or defaults of a test's pattern */

struct test {
	const char *channel;
	const char *want;	/* the expression, or the rule it breaks */
	const char *steps;		/* texts, '*' between them */
	bool	    utf8;
	struct pattern_requirement requirements[PAIRS];
	struct pattern_default	   defaults[PAIRS];
};

#define REQ(n, re)	{ .name = (n), .regex = { (re), sizeof(re) - 1 }, \
			  .file = "t.yml" }
#define WILD(n, re)	{ .name = (n), .regex = { (re), sizeof(re) - 1 }, \
			  .wildcard = true, .file = "t.yml" }
#define ROW(c, re, s)	.channel = (c), .want = (re), .steps = (s)
#define BAD(c, rule)	.channel = (c), .want = (rule)
#define DEF(n, v)	{ .name = (n), .value = { (v), sizeof(v) - 1 } }

static int
compile(struct pattern *p, const struct test *t, struct arena *mem,
    struct diags *d)
{
	struct pattern_spec spec = { .file = "t.yml", .line = 1, .column = 1,
	    .channel = slice_str(t->channel), .utf8 = t->utf8,
	    .requirements = t->requirements, .defaults = t->defaults };

	while (spec.n_requirements < PAIRS &&
	    t->requirements[spec.n_requirements].name != NULL)
		spec.n_requirements++;
	while (spec.n_defaults < PAIRS &&
	    t->defaults[spec.n_defaults].name != NULL)
		spec.n_defaults++;
	return pattern_compile(p, &spec, mem, d);
}

static const struct test expressions[] = {
	{ ROW("oro/ping", NULL, "oro/ping") },
	{ ROW("a.b", NULL, "a.b") },
	{ ROW("a/{x}", "a/(?P<x>[^/]++)", "a/") },
	{ ROW("{x}", "(?P<x>[^/]++)", "") },
	{ ROW("/{x}", "/(?P<x>[^/]++)", "/") },
	{ ROW("a{x}", "a(?P<x>[^/]++)", "a") },
	{ ROW("a/{x}/b", "a/(?P<x>[^/]++)/b", "a/*/b") },
	/* possessive before a separator, not before other text */
	{ ROW("a/{x}.{y}", "a/(?P<x>[^/\\.]++)\\.(?P<y>[^/]++)", "a/*.") },
	{ ROW("a/{x}-b", "a/(?P<x>[^/\\-]++)\\-b", "a/*-b") },
	{ ROW("a/{x}_{y}", "a/(?P<x>[^/_]++)_(?P<y>[^/]++)", "a/*_") },
	{ ROW("a/{x}b", "a/(?P<x>[^/]+)b", "a/") },
	{ ROW("a/{x}{y}", "a/(?P<x>[^/]+)(?P<y>[^/]++)", "a/") },
	{ ROW("a/{x}{y}.z", "a/(?P<x>[^/\\.]+)(?P<y>[^/\\.]++)\\.z", "a/") },
	{ ROW("a {x} b", "a (?P<x>[^/]+) b", "a ") },
	{ ROW("a#b(c)/{x}?", "a\\#b\\(c\\)/(?P<x>[^/]+)\\?", "a#b(c)/") },
	/* nested braces: the innermost only */
	{ ROW("a/{b{x}c}", "a/\\{b(?P<x>[^/]+)c\\}", "a/{b") },
	{ ROW("a/{}/{ x }/{x-y}", NULL, "a/{}/{ x }/{x-y}") },
	/* requirements */
	{ ROW("a/{x}", "a/(?P<x>\\d+)", "a/"),
	  .requirements = { REQ("x", "\\d+") } },
	{ ROW("a/{x}", "a/(?P<x>\\d+)", "a/"),
	  .requirements = { REQ("x", "^\\d+$") } },
	{ ROW("a/{x}", "a/(?P<x>\\d+)", "a/"),
	  .requirements = { REQ("x", "\\A\\d+\\z") } },
	{ ROW("a/{x}", "a/(?P<x>\\\\z)", "a/"),
	  .requirements = { REQ("x", "\\\\z") } },
	{ ROW("a/{x}", "a/(?P<x>\\$)", "a/"),
	  .requirements = { REQ("x", "\\$") } },
	{ ROW("a/{x}", "a/(?P<x>\\\\)", "a/"),
	  .requirements = { REQ("x", "\\\\$") } },
	{ ROW("a/{x}", "a/(?P<x>\\d+|\\*)", "a/"),
	  .requirements = { WILD("x", "\\d+") } },
	{ ROW("a/{x}", "a/(?P<x>\\d+$|\\*)", "a/"),
	  .requirements = { WILD("x", "^\\d+$") } },
	/* requirements that cannot match what follows them, and others */
	{ ROW("a/{x}/b", "a/(?P<x>\\d+)/b", "a/*/b"),
	  .requirements = { REQ("x", "\\d+") } },
	{ ROW("a/{x}/b", "a/(?P<x>\\d+|\\*)/b", "a/*/b"),
	  .requirements = { WILD("x", "\\d+") } },
	{ ROW("a/{x}*b", "a/(?P<x>\\d+|\\*)\\*b", "a/"),
	  .requirements = { WILD("x", "\\d+") } },
	{ ROW("a/{x}/b", "a/(?P<x>[^\\/.]+)/b", "a/*/b"),
	  .requirements = { REQ("x", "[^\\/.]+") } },
	{ ROW("a/{x}/b", "a/(?P<x>[^.]+)/b", "a/"),
	  .requirements = { REQ("x", "[^.]+") } },
	{ ROW("a/{x}/b", "a/(?P<x>[+-9]+)/b", "a/"),
	  .requirements = { REQ("x", "[+-9]+") } },
	{ ROW("a/{x}/b", "a/(?P<x>[[:punct:]]+)/b", "a/"),
	  .requirements = { REQ("x", "[[:punct:]]+") } },
	{ ROW("a/{x}/b", "a/(?P<x>[]a-z_-]{2})/b", "a/*/b"),
	  .requirements = { REQ("x", "[]a-z_-]{2}") } },
	{ ROW("a/{x}/b", "a/(?P<x>(?:en|d\\.e)(?:-x)?)/b", "a/*/b"),
	  .requirements = { REQ("x", "(?:en|d\\.e)(-x)?") } },
	{ ROW("a/{x}/b", "a/(?P<x>.+)/b", "a/"),
	  .requirements = { REQ("x", ".+") } },
	{ ROW("a/{x}/b", "a/(?P<x>\\S+)/b", "a/"),
	  .requirements = { REQ("x", "\\S+") } },
	{ ROW("a/{x}/b", "a/(?P<x>u(?!x)/v)/b", "a/"),
	  .requirements = { REQ("x", "u(?!x)/v") } },
	{ ROW("{x}b{y}.{z}/c/{d}", "(?P<x>[^/]+)b(?P<y>[^/\\.]++)\\."
	  "(?P<z>[^/]++)/c(?:/(?P<d>[^/]++))?", ""),
	  .defaults = { DEF("d", "1") } },
	{ ROW("x-{y}.{z}/c/{d}", "x\\-(?P<y>[^/\\.]++)\\."
	  "(?P<z>[^/]++)/c(?:/(?P<d>[^/]++))?", "x-*.*/c"),
	  .defaults = { DEF("d", "1") } },
	/* groups capture nothing; a class is no group, but becomes one */
	{ ROW("{x}", "(?P<x>(?:a(?:b|c))(?i)(*ACCEPT)\\(\\\\(?:d))", ""),
	  .requirements = { REQ("x", "(a(b|c))(?i)(*ACCEPT)\\(\\\\(d)") } },
	{ ROW("{x}", "(?P<x>[(?:)]+)", ""),
	  .requirements = { REQ("x", "[()]+") } },
	{ ROW("{x}", "(?P<x>\\Q(?:a\\E|[(])", ""),
	  .requirements = { REQ("x", "\\Q(a\\E|[(]") } },
	{ ROW("{x}", "(?P<x>[(?:]|\\*)", ""),
	  .requirements = { WILD("x", "[(]") } },
	/* optional parameters at the end */
	{ ROW("a/{x}", "a(?:/(?P<x>[^/]++))?", "a"),
	  .defaults = { DEF("x", "1") } },
	{ ROW("a/{x}/{y}", "a(?:/(?P<x>[^/]++)(?:/(?P<y>[^/]++))?)?", "a"),
	  .defaults = { DEF("x", "1"), DEF("y", "2") } },
	{ ROW("a/{x}/{y}", "a/(?P<x>[^/]++)(?:/(?P<y>[^/]++))?", "a/"),
	  .defaults = { DEF("y", "2") } },
	{ ROW("a/{x}/{y}", "a/(?P<x>[^/]++)/(?P<y>[^/]++)", "a/*/"),
	  .defaults = { DEF("x", "2") } },
	{ ROW("a/{x}/b", "a/(?P<x>[^/]++)/b", "a/*/b"),
	  .defaults = { DEF("x", "1") } },
	{ ROW("/{x}", "/(?P<x>[^/]++)?", "/"), .defaults = { DEF("x", "1") } },
	{ ROW("{x}/{y}", "(?P<x>[^/]++)?(?:/(?P<y>[^/]++))?", ""),
	  .defaults = { DEF("x", "1"), DEF("y", "") } },
	{ ROW("\303\251/{x}", "\303\251/(?P<x>\\p{L}+)", "\303\251/"),
	  .utf8 = true, .requirements = { REQ("x", "\\p{L}+") } },
};

/* The steps as a row has them; valid until the next call. */
static const char *
steps_text(const struct pattern *p)
{
	static char out[256];
	size_t i, len = 0;

	for (i = 0; i < p->n_steps; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len,
		    "%s%.*s", i > 0 ? "*" : "", (int)p->steps[i].text.len,
		    p->steps[i].text.p);
	return out;
}

static void
test_expressions(void)
{
	const struct test *t;
	size_t i;

	for (i = 0; i < sizeof(expressions) / sizeof(*t); i++) {
		struct arena mem = { 0 };
		struct diags d = { 0 };
		struct pattern p;

		t = &expressions[i];
		if (!tap_int(compile(&p, t, &mem, &d), 0, "%s: compiles",
		    t->channel))
			diag_print(&d, stderr);
		tap_str(p.regex, t->want, "%s: expression", t->channel);
		tap_str(steps_text(&p), t->steps, "%s: steps", t->channel);
		tap_int(d.n, 0, "%s: no complaint", t->channel);
		pattern_clear(&p);
		diag_clear(&d);
		arena_clear(&mem);
	}
}

static const struct test refusals[] = {
	{ BAD("", "empty-channel") },
	{ BAD("a/{1x}", "bad-parameter") },
	{ BAD("a/{x}/{x}", "duplicate-parameter") },
	{ BAD("a/{a23456789012345678901234567890123}", "bad-parameter") },
	{ BAD("\303\251", "needs-utf8") },
	{ BAD("\303", "not-utf8"), .utf8 = true },
	{ BAD("a/{x}", "needs-utf8"),
	  .requirements = { REQ("x", "\303\251") } },
	{ BAD("a/{x}", "needs-utf8"), .requirements = { REQ("x", "\\X") } },
	{ BAD("a/{x}", "needs-utf8"), .requirements = { REQ("x", "\\pL") } },
	{ BAD("a/{x}", "needs-utf8"),
	  .requirements = { REQ("x", "\\x{100}") } },
	{ BAD("a/{x}", "not-utf8"), .utf8 = true,
	  .requirements = { REQ("x", "\303") } },
	{ BAD("a/{x}", "invalid-regex"),
	  .requirements = { REQ("x", "(\\d+") } },
	{ BAD("a/{x}", "invalid-regex"), .requirements = { REQ("x", "a)") } },
	{ BAD("a/{x}", "invalid-regex"), .requirements = { REQ("x", "*") } },
	{ BAD("a/{x}", "invalid-regex"),
	  .requirements = { REQ("x", "a)|(b") } },
	{ BAD("a/{x}/{y}", "invalid-regex"), .requirements = {
	  REQ("x", "(?<z>a)"), REQ("y", "(?<z>b)") } },
};

static void
test_refusals(void)
{
	const struct test *t;
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(*t); i++) {
		struct arena mem = { 0 };
		struct diags d = { 0 };
		struct pattern p;

		t = &refusals[i];
		tap_int(compile(&p, t, &mem, &d), -1, "%s: refused (%zu)",
		    t->channel, i);
		if (tap_int(d.n, 1, "%s: with one reason", t->channel))
			tap_str(d.v[0].rule, t->want, "%s: rule", t->channel);
		diag_clear(&d);
		arena_clear(&mem);
	}
}

static void
test_not_unicode(void)
{
	static const struct test t = { .channel = "a/{x}",
	    .requirements = { REQ("x", "\\\\X|\\x{ff}|\\pa") } };
	struct arena mem = { 0 };
	struct diags d = { 0 };
	struct pattern p;

	(void)compile(&p, &t, &mem, &d);
	tap_ok(d.n == 1 && strcmp(d.v[0].rule, "invalid-regex") == 0,
	    "an escaped backslash, \\x{ff} and \\pa need no utf8 option");
	diag_clear(&d);
	arena_clear(&mem);
}

static void
test_unused_requirement(void)
{
	static const struct test t = { .channel = "a/{x}", .requirements = {
	    REQ("y", "(") } };
	struct arena mem = { 0 };
	struct diags d = { 0 };
	struct pattern p;

	tap_int(compile(&p, &t, &mem, &d), 0, "an unused requirement is no "
	    "error");
	tap_ok(d.n == 1 && d.v[0].level == DIAG_WARNING &&
	    strcmp(d.v[0].rule, "unused-requirement") == 0,
	    "but a warning");
	pattern_clear(&p);
	diag_clear(&d);
	arena_clear(&mem);
}

/* Many parameters, and one more. */
static void
test_many_parameters(void)
{
	char channel[8 * (PATTERN_ATTRS_MAX + 2)];
	struct test t = { .channel = channel };
	struct arena mem = { 0 };
	struct diags d = { 0 };
	struct pattern p;
	size_t i, len = 0;

	for (i = 0; i < PATTERN_ATTRS_MAX; i++)
		len += (size_t)snprintf(channel + len, sizeof(channel) - len,
		    "/{p%zu}", i);
	tap_int(compile(&p, &t, &mem, &d), 0, "%d parameters",
	    PATTERN_ATTRS_MAX);
	tap_int(p.n_slots, PATTERN_ATTRS_MAX, "all have a slot");
	pattern_clear(&p);
	t.defaults[0] = (struct pattern_default)DEF("extra", "1");
	tap_int(compile(&p, &t, &mem, &d), -1, "and a default is too much");
	t.defaults[0].name = NULL;
	(void)snprintf(channel + len, sizeof(channel) - len, "/{p}");
	tap_int(compile(&p, &t, &mem, &d), -1, "so is a parameter more");
	diag_clear(&d);
	arena_clear(&mem);
}

/* ---- expressions and limits ---- */

static bool
matches(const char *expression, bool utf8, struct slice text,
    struct regex_scratch *s)
{
	struct regex_error e;
	struct regex *re = regex_new(slice_str(expression),
	    utf8 ? REGEX_UTF8 : 0, &e);
	bool found = re != NULL && regex_match(re, text, s);

	regex_free(re);
	return found;
}

static void
test_regex(struct regex_scratch *s)
{
	tap_ok(matches("a.c", false, SLICE("a\nc"), s), "a dot is a newline");
	tap_ok(matches("a.c", false, SLICE("a\0c"), s), "or a NUL");
	tap_ok(!matches("abc", false, SLICE("abc\n"), s),
	    "nothing may follow, not even a newline");
	tap_ok(!matches("abc$", false, SLICE("abc\n"), s), "nor behind a $");
	tap_ok(!matches("abc", false, SLICE("xabc"), s), "nothing before");
	tap_ok(matches("a|ab", false, SLICE("ab"), s),
	    "alternatives are tried for the whole text");
	tap_ok(!matches("abc", false, SLICE("ABC"), s), "case counts");
	tap_ok(matches("", false, slice_of(NULL, 0), s), "an empty text");
	tap_ok(!matches(".", false, SLICE("\303\251"), s), "bytes");
	tap_ok(matches(".", true, SLICE("\303\251"), s), "characters");
	tap_ok(matches("\\d", true, SLICE("\331\241"), s), "Unicode digits");
	tap_ok(!matches(".*", true, SLICE("\303"), s),
	    "invalid UTF-8 does not match");
}

/* Expressions that backtrack for ever end at a limit, not matching. */
static void
test_limits(struct regex_scratch *s)
{
	static const char *const evil[] = { "(?<x>(a+)+[bc])",
	    "(?<x>(a|aa)+[bc])", "(?<x>(.*a){20}[bc])",
	    "(?<x>.*.*.*.*[bc])", "(?<x>(?:a|a)*?[bc])",
	    "(?<x>(?:(?R)|a)[bc])" };
	static char text[65536];
	size_t i;

	memset(text, 'a', sizeof(text));
	for (i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		tap_ok(!matches(evil[i], false, slice_of(text, 64), s),
		    "%s ends on a short topic", evil[i]);
		tap_ok(!matches(evil[i], false,
		    slice_of(text, sizeof(text)), s),
		    "%s ends on a long topic", evil[i]);
	}
	tap_ok(matches("a/(?<x>.*)/b|a+", false,
	    slice_of(text, sizeof(text)), s),
	    "an honest expression matches a long topic");
}

static void
test_captures(struct regex_scratch *s)
{
	struct slice value, text = SLICE("ac");
	const char *names[REGEX_GROUPS_MAX];
	struct regex_error e;
	struct regex *re;

	re = regex_new(SLICE("(?<x>a)(b)?(?<y>b)?(?<z>c)"), 0, &e);
	if (!tap_ok(re != NULL, "groups compile"))
		return;
	tap_int(regex_names(re, names), 3, "only named groups capture");
	tap_str(names[2], "z", "names are in order");
	tap_ok(regex_match(re, text, s), "and match");
	tap_ok(regex_capture(s, text, 3, &value), "z took part");
	tap_slice(value, "c", "and has its text");
	tap_ok(regex_capture(s, text, 2, &value), "y before it took none");
	tap_slice(value, "", "and is empty");
	tap_ok(regex_match(re, SLICE("abbc"), s) &&
	    regex_capture(s, SLICE("abbc"), 2, &value), "y takes part");
	tap_slice(value, "b", "and has its text");
	regex_free(re);
	re = regex_new(SLICE("(?<x>a)(?<y>b)?"), 0, &e);
	tap_ok(re != NULL && regex_match(re, SLICE("a"), s), "a match");
	tap_ok(!regex_capture(s, SLICE("a"), 2, &value), "without its end");
	regex_free(re);
	re = regex_new(SLICE("ab[c"), 0, &e);
	tap_ok(re == NULL, "a broken expression is refused");
	tap_int(e.offset, 4, "with its offset");
	regex_free(re);
}

int
main(void)
{
	struct regex_scratch *s = regex_scratch_new();

	test_expressions();
	test_refusals();
	test_not_unicode();
	test_unused_requirement();
	test_many_parameters();
	test_regex(s);
	test_limits(s);
	test_captures(s);
	regex_scratch_free(s);
	return tap_done();
}
