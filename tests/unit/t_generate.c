/*
 * t_generate.c: topics by the name of their route.
 */
#include "route/generate.h"

#include "route/load.h"
#include "tap.h"

static const char current[] =
    "plain: {channel: oro/ping, handler: h}\n"
    "mail: {channel: 'mail/{user}/{org}', handler: h, requirements:"
    " {user: '\\d+', org: {pattern: '\\d+', wildcard: true}}}\n"
    "page: {channel: 'blog/{page}/{size}', handler: h,"
    " requirements: {page: '\\d+'}, defaults: {page: 1, size: big, x: y}}\n"
    "word: {channel: 'w/{w<[a-z]+>}.txt', handler: h}\n"
    "ahead: {channel: 'l/{n<(?!00(?:x))\\d\\d\\(?(?<=\\d)>}', handler: h}\n"
    "first: {channel: '/{x?1}', handler: h}\n"
    "free: {channel: 'f/{a}-{b}', handler: h}\n"
    "utf8: {channel: 'u/{a<..>}', handler: h, options: {utf8: true}}\n"
    "nothing: {channel: 'n/{a?}', handler: h}\n"
    "both: {channel: 'b/{a<(?<z>[ab])>}/{b<\\k<z>>}', handler: h}\n";

static const char legacy[] =
    "mail: {channel: 'mail/{user}/{org}', handler: h, requirements:"
    " {user: {pattern: '\\d+'}, org: {pattern: '\\d+', wildcard: true}}}\n"
    "any: {channel: '{a}/any', handler: h}\n";

static struct routes *
load(const char *text, bool is_legacy)
{
	struct diags d = { 0 };
	struct routes *r = routes_load_text("t.yml", slice_str(text),
	    is_legacy, &d);

	if (!tap_int(d.n, 0, "the routes load without complaint"))
		diag_print(&d, stderr);
	diag_clear(&d);
	return r;
}

#define PARAMS	3

struct test {
	const char *name;
	const char *want;	/* the topic, or the error */
	struct route_param params[PARAMS];
};

#define GIVEN(n, v)	{ (n), { (v), sizeof(v) - 1 } }

static const struct test rows[] = {
	{ "plain", "oro/ping", { { 0 } } },
	{ "plain", "oro/ping", { GIVEN("extra", "1") } },
	{ "mail", "mail/7/1", { GIVEN("user", "7"), GIVEN("org", "1") } },
	{ "mail", "mail/7/*", { GIVEN("org", "*"), GIVEN("user", "7") } },
	{ "mail", "the route \"mail\" needs the parameters user, org",
	  { { 0 } } },
	{ "mail", "the route \"mail\" needs the parameter org",
	  { GIVEN("user", "7") } },
	{ "mail", "user=x: the route \"mail\" requires \\d+",
	  { GIVEN("user", "x"), GIVEN("org", "1") } },
	{ "mail", "org=all: the route \"mail\" requires \\d+ or *",
	  { GIVEN("user", "7"), GIVEN("org", "all") } },
	{ "mail", "user=7\n: the route \"mail\" requires \\d+",
	  { GIVEN("user", "7\n"), GIVEN("org", "1") } },
	{ "none", "there is no route \"none\"", { { 0 } } },
	/* what has its default at the end is left out */
	{ "page", "blog", { { 0 } } },
	{ "page", "blog", { GIVEN("page", "1"), GIVEN("size", "big") } },
	{ "page", "blog/2", { GIVEN("page", "2") } },
	{ "page", "blog/1/small", { GIVEN("size", "small") } },
	{ "page", "page=x: the route \"page\" requires \\d+",
	  { GIVEN("page", "x") } },
	{ "first", "/", { { 0 } } },
	{ "first", "/2", { GIVEN("x", "2") } },
	{ "nothing", "the route \"nothing\" needs the parameter a", { { 0 } } },
	/* letters of any size, and nothing around the value is asked for */
	{ "word", "w/AbC.txt", { GIVEN("w", "AbC") } },
	{ "ahead", "l/00", { GIVEN("n", "00") } },
	{ "ahead", "l/12(", { GIVEN("n", "12(") } },
	{ "both", "b/a/b", { GIVEN("a", "a"), GIVEN("b", "b") } },
	/* without requirement */
	{ "free", "f/1.2-3-4", { GIVEN("a", "1.2"), GIVEN("b", "3-4") } },
	{ "free", "a=1-2: the route \"free\" takes one or more characters "
	  "there, up to the next separator",
	  { GIVEN("a", "1-2"), GIVEN("b", "3") } },
	{ "free", "b=: the route \"free\" takes one or more characters there, "
	  "up to the next separator", { GIVEN("a", "1"), GIVEN("b", "") } },
	{ "utf8", "u/\303\251\303\251", { GIVEN("a", "\303\251\303\251") } },
	{ "utf8", "a=\303\251: the route \"utf8\" requires ..",
	  { GIVEN("a", "\303\251") } },
};

static const struct test legacy_rows[] = {
	{ "mail", "mail/7x/all", { GIVEN("user", "7x"), GIVEN("org", "all") } },
	{ "mail", "user=all: the route \"mail\" requires \\d+",
	  { GIVEN("user", "all"), GIVEN("org", "1") } },
	{ "any", "/any", { GIVEN("a", "") } },
	{ "any", "a=b/c: the route \"any\" takes one or more characters "
	  "there, up to the next separator", { GIVEN("a", "b/c") } },
};

static void
test_rows(const char *routes, bool is_legacy, const struct test *t, size_t n)
{
	struct routes *r = load(routes, is_legacy);
	struct buf out = { 0 };
	struct errbuf e;
	size_t i, given;

	if (r == NULL)
		return;
	for (i = 0; i < n; i++, t++) {
		for (given = 0; given < PARAMS; given++)
			if (t->params[given].name == NULL)
				break;
		buf_reset(&out);
		if (routes_generate(&out, r, t->name, t->params, given,
		    &e) == 0)
			tap_slice(buf_slice(&out), t->want, "%s: %s", t->name,
			    t->want);
		else
			tap_str(e.msg, t->want, "%s: refused", t->name);
	}
	buf_clear(&out);
	routes_free(r);
}

int
main(void)
{
	test_rows(current, false, rows, sizeof(rows) / sizeof(rows[0]));
	test_rows(legacy, true, legacy_rows,
	    sizeof(legacy_rows) / sizeof(legacy_rows[0]));
	return tap_done();
}
