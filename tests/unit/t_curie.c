/*
 * t_curie.c: prefixes and what they make of a URI, in both modes.
 */
#include "proto/curie.h"

#include "tap.h"

#define ORO	WAMP_COMPAT_ORO
#define SPEC	WAMP_COMPAT_SPEC
#define MOST	64	/* prefixes */

static void
check(const struct prefixes *p, enum wamp_compat compat, const char *s,
    const char *want)
{
	struct buf scratch = { 0 };
	struct slice got = { 0 };

	buf_add_str(&scratch, "what was there before");
	tap_int(curie_expand(&got, p, slice_str(s), compat, &scratch), 0,
	    "%s is looked at", s);
	tap_slice(got, want, "%s becomes %s (%s)", s, want,
	    compat == ORO ? "oro" : "spec");
	if (strcmp(s, want) == 0)
		tap_ok(got.p == s, "and is not copied");
	buf_clear(&scratch);
}

static void
test_expand(void)
{
	struct prefixes p = { 0 };

	check(&p, SPEC, "calc:add", "calc:add");
	prefixes_set(&p, SLICE("calc"), SLICE("http://example.com/calc#"),
	    MOST);
	prefixes_set(&p, SLICE("dir"), SLICE("http://example.com/dir/"),
	    MOST);
	prefixes_set(&p, SLICE("ev"), SLICE("http://example.com/event"), MOST);
	prefixes_set(&p, SLICE("none"), SLICE(""), MOST);

	check(&p, SPEC, "calc:add", "http://example.com/calc#add");
	check(&p, ORO, "calc:add", "http://example.com/calc#add");
	check(&p, SPEC, "dir:a", "http://example.com/dir/a");
	check(&p, ORO, "dir:a", "http://example.com/dir/a");
	check(&p, SPEC, "ev:a", "http://example.com/eventa");
	check(&p, ORO, "ev:a", "http://example.com/event#a");
	check(&p, SPEC, "none:a", "a");
	check(&p, ORO, "none:a", "#a");
	check(&p, SPEC, "calc:", "http://example.com/calc#");
	check(&p, SPEC, "calc:a:b", "http://example.com/calc#a:b");
	check(&p, ORO, "ev:a:b", "http://example.com/event#a:b");

	check(&p, ORO, "nope:a", "nope:a");
	check(&p, SPEC, "ssh://example.com/t", "ssh://example.com/t");
	check(&p, SPEC, "calc", "calc");
	check(&p, SPEC, "cal:a", "cal:a");
	check(&p, SPEC, "calcs:a", "calcs:a");
	check(&p, SPEC, "", "");
	prefixes_clear(&p);
	check(&p, SPEC, "calc:add", "calc:add");
}

/* The modes differ about what looks like a CURIE. */
static void
test_guards(void)
{
	struct prefixes p = { 0 };

	prefixes_set(&p, SLICE("http"), SLICE("x/"), MOST);
	prefixes_set(&p, SLICE("https"), SLICE("y/"), MOST);
	prefixes_set(&p, SLICE("a"), SLICE("z/"), MOST);
	prefixes_set(&p, SLICE(""), SLICE("empty/"), MOST);

	check(&p, SPEC, "http://e", "x///e");
	check(&p, ORO, "http://e", "http://e");
	check(&p, ORO, "https://e", "https://e");
	check(&p, ORO, "http:e", "x/e");
	check(&p, SPEC, "a:http://e", "z/http://e");
	check(&p, ORO, "a:http://e", "a:http://e");
	check(&p, ORO, "a:https://e", "a:https://e");
	check(&p, SPEC, ":b", ":b");
	check(&p, ORO, ":b", "empty/b");
	prefixes_clear(&p);
}

static void
test_replace(void)
{
	struct prefixes p = { 0 };

	prefixes_set(&p, SLICE("a"), SLICE("one/"), MOST);
	prefixes_set(&p, SLICE("b"), SLICE("two/"), MOST);
	tap_int(prefixes_set(&p, SLICE("a"), SLICE("three/"), MOST), CURIE_OK,
	    "a prefix is set again");
	tap_int(p.n, 2, "that is no new prefix");
	tap_int((int64_t)p.bytes,
	    (int64_t)(prefix_size(SLICE("a"), SLICE("three/")) +
	    prefix_size(SLICE("b"), SLICE("two/"))),
	    "and the old one takes no memory any more");
	check(&p, SPEC, "a:x", "three/x");
	check(&p, SPEC, "b:x", "two/x");
	prefixes_clear(&p);
}

/* The peer's strings may go: the map has copies. */
static void
test_copies(void)
{
	struct prefixes p = { 0 };
	char name[] = "a", uri[] = "one/";

	prefixes_set(&p, slice_str(name), slice_str(uri), MOST);
	name[0] = uri[0] = '?';
	check(&p, SPEC, "a:x", "one/x");
	prefixes_clear(&p);
}

static void
test_limit(void)
{
	struct prefixes p = { 0 };
	bool accepted = true;
	char name;

	for (int i = 0; i < MOST; i++) {
		name = (char)('0' + i);
		accepted &= prefixes_set(&p, slice_of(&name, 1),
		    SLICE("u/"), MOST) == CURIE_OK;
	}
	tap_ok(accepted, "as many prefixes as allowed");
	tap_int(prefixes_set(&p, SLICE("more"), SLICE("u/"), MOST), CURIE_FULL,
	    "one more is refused");
	tap_int(prefixes_set(&p, SLICE("0"), SLICE("v/"), MOST), CURIE_OK,
	    "an old one may change");
	check(&p, SPEC, "0:x", "v/x");
	prefixes_clear(&p);
}

int
main(void)
{
	test_expand();
	test_guards();
	test_replace();
	test_copies();
	test_limit();
	return tap_done();
}
