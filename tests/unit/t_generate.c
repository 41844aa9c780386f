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
    "class: {channel: 'c/{n<(?=[a)])a\\d>}', handler: h}\n"
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

#define GIVEN(n, v)	{ { (n), sizeof(n) - 1 }, { (v), sizeof(v) - 1 } }
#define NONE		{ { { NULL, 0 }, { NULL, 0 } } }

static const struct test rows[] = {
	{ "plain", "oro/ping", NONE },
	{ "plain", "oro/ping", { GIVEN("extra", "1") } },
	{ "mail", "mail/7/1", { GIVEN("user", "7"), GIVEN("org", "1") } },
	{ "mail", "mail/7/*", { GIVEN("org", "*"), GIVEN("user", "7") } },
	{ "mail", "the route \"mail\" needs the parameters user, org",
	  NONE },
	{ "mail", "the route \"mail\" needs the parameter org",
	  { GIVEN("user", "7") } },
	{ "mail", "user=x: the route \"mail\" requires \\d+",
	  { GIVEN("user", "x"), GIVEN("org", "1") } },
	{ "mail", "org=all: the route \"mail\" requires \\d+ or *",
	  { GIVEN("user", "7"), GIVEN("org", "all") } },
	{ "mail", "user=7\n: the route \"mail\" requires \\d+",
	  { GIVEN("user", "7\n"), GIVEN("org", "1") } },
	{ "none", "there is no route \"none\"", NONE },
	/* what has its default at the end is left out */
	{ "page", "blog", NONE },
	{ "page", "blog", { GIVEN("page", "1"), GIVEN("size", "big") } },
	{ "page", "blog/2", { GIVEN("page", "2") } },
	{ "page", "blog/1/small", { GIVEN("size", "small") } },
	{ "page", "page=x: the route \"page\" requires \\d+",
	  { GIVEN("page", "x") } },
	{ "first", "/", NONE },
	{ "first", "/2", { GIVEN("x", "2") } },
	{ "nothing", "the route \"nothing\" needs the parameter a", NONE },
	/* letters of any size, and nothing around the value is asked for */
	{ "word", "w/AbC.txt", { GIVEN("w", "AbC") } },
	{ "ahead", "l/00", { GIVEN("n", "00") } },
	{ "ahead", "l/12(", { GIVEN("n", "12(") } },
	{ "class", "c/a1", { GIVEN("n", "a1") } },
	{ "class", "n=ax: the route \"class\" requires (?=[a)])a\\d",
	  { GIVEN("n", "ax") } },
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
		struct route_params params = { .n = 0 };

		for (given = 0; given < PARAMS; given++)
			if (t->params[given].name.p != NULL)
				(void)route_params_add(&params,
				    &t->params[given], &e);
		buf_reset(&out);
		if (routes_generate(&out, r, t->name, &params, &e) == 0)
			tap_slice(buf_slice(&out), t->want, "%s: %s", t->name,
			    t->want);
		else
			tap_str(e.msg, t->want, "%s: refused", t->name);
	}
	buf_clear(&out);
	routes_free(r);
}

static void
test_split(void)
{
	static const char *const others[] = { "", "a", "=a", "a/b=c", "{=",
	    "[=]", "\"a=b\"", "-1=2", "1=2", " a=b", "./a=b" };
	struct route_param param;
	size_t i;

	tap_ok(route_param_split(&param, "user_id=5=6"), "name=value");
	tap_slice(param.name, "user_id", "its name");
	tap_slice(param.value, "5=6", "its value");
	tap_ok(route_param_split(&param, "_a-b=") && param.value.len == 0,
	    "an odd name and no value");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		tap_ok(!route_param_split(&param, others[i]),
		    "\"%s\" is no parameter", others[i]);
}

static void
test_add(void)
{
	static const char names[ROUTE_PARAMS_MAX + 1];
	struct route_params list = { .n = 0 };
	struct route_param param = { SLICE("user"), SLICE("1") };
	struct errbuf e;

	tap_int(route_params_add(&list, &param, &e), 0, "one is added");
	tap_int(route_params_add(&list, &param, &e), -1, "but once");
	tap_str(e.msg, "the parameter user is given twice", "it says so");
	while (list.n < ROUTE_PARAMS_MAX) {
		param.name = slice_of(names, list.n);
		if (route_params_add(&list, &param, &e) == -1)
			break;
	}
	tap_int(list.n, ROUTE_PARAMS_MAX, "all that a route may have");
	param.name = slice_of(names, list.n);
	tap_int(route_params_add(&list, &param, &e), -1, "and no more");
	tap_str(e.msg, "more than 32 parameters", "it says so, too");
}

/* The doubt about a generated topic; "" for none. */
static void
doubt(const struct routes *r, const char *name, const char *topic,
    struct slice param, const char *want)
{
	struct route_params params = { .v = { { param, SLICE("1") } },
	    .n = param.len > 0 };
	struct errbuf e = { "" };

	tap_int(routes_generate_doubt(r, name, &params, slice_str(topic), &e),
	    want[0] != '\0', "%s: %s", name, topic);
	tap_str(e.msg, want, "why");
}

static void
test_doubt(void)
{
	struct routes *r = load(current, false);

	if (r == NULL)
		return;
	doubt(r, "page", "blog/1", SLICE("page"), "");
	doubt(r, "page", "blog/1", SLICE("x"),
	    "the route \"page\" has no parameter x");
	doubt(r, "word", "w/A.txt", SLICE(""), "no route matches this topic: "
	    "the requirements of \"word\" ask for more");
	doubt(r, "first", "oro/ping", SLICE(""),
	    "the route \"plain\" takes this topic first");
	routes_free(r);
}

int
main(void)
{
	test_rows(current, false, rows, sizeof(rows) / sizeof(rows[0]));
	test_rows(legacy, true, legacy_rows,
	    sizeof(legacy_rows) / sizeof(legacy_rows[0]));
	test_split();
	test_add();
	test_doubt();
	return tap_done();
}
