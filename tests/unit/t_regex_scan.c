/*
 * t_regex_scan.c: regular expressions, cut into what they are made of.
 */
#include "route/regex_scan.h"

#include <string.h>

#include "base/buf.h"
#include "route/regex.h"
#include "tap.h"

/* A letter for each kind, then the text: "c:a q:+". */
static void
tokens(const char *regex, const char *want)
{
	static const char kinds[] = "celo)|q";
	struct slice re = slice_str(regex);
	struct buf out = { 0 };
	struct regex_token t;
	size_t at = 0;

	while (regex_next(&t, re, &at))
		(void)buf_addf(&out, "%s%c:%.*s", out.len > 0 ? " " : "",
		    kinds[t.kind], (int)t.text.len, t.text.p);
	tap_str(buf_cstr(&out), want, "the tokens of %s", regex);
	tap_int((int64_t)at, (int64_t)re.len, "which are all of it");
	buf_clear(&out);
}

static void
test_tokens(void)
{
	tokens("", "");
	tokens("ab.", "c:a c:b c:.");
	tokens("^a$", "c:^ c:a c:$");
	tokens("\\d\\\\\\(", "e:\\d e:\\\\ e:\\(");
	tokens("a\\", "c:a e:\\");
	tokens("a|b)", "c:a |:| c:b ):)");
	tokens("[a-z]", "l:[a-z]");
	tokens("[]]x", "l:[]] c:x");
	tokens("[^]x]y", "l:[^]x] c:y");
	tokens("[()|*\\]]+", "l:[()|*\\]] q:+");
	tokens("[[:alpha:]]a", "l:[[:alpha:]] c:a");
	tokens("[[:^alpha:]_]", "l:[[:^alpha:]_]");
	tokens("[[:alpha]]", "l:[[:alpha] c:]");
	tokens("[a", "c:[ c:a");
	tokens("[a\\]", "c:[ c:a e:\\]");
	tokens("(a)", "o:( c:a ):)");
	tokens("(?:a)", "o:(?: c:a ):)");
	tokens("(?P<n>a)", "o:(?P<n> c:a ):)");
	tokens("(?<n>a)", "o:(?<n> c:a ):)");
	tokens("(?<n", "o:(? c:< c:n");
	tokens("(?<=a)", "o:(?<= c:a ):)");
	tokens("(?i)", "o:(? c:i ):)");
	tokens("(*F)", "o:(* c:F ):)");
}

/* "2..3" repetitions, and what is behind the quantifier. */
static void
quantifier(const char *regex, unsigned fewest, unsigned most, const char *rest)
{
	struct slice re = slice_str(regex);
	struct regex_token t;
	size_t at = 1;

	if (!tap_ok(regex_next(&t, re, &at) && t.kind == REGEX_QUANTIFIER,
	    "%s has a quantifier", regex))
		return;
	tap_int(t.fewest, fewest, "the fewest");
	tap_int(t.most, most, "the most");
	tap_str(regex + at, rest, "what follows");
}

static void
test_quantifiers(void)
{
	struct regex_error e;
	struct regex *re;

	quantifier("a*", 0, REGEX_NO_BOUND, "");
	quantifier("a+b", 1, REGEX_NO_BOUND, "b");
	quantifier("a?", 0, 1, "");
	quantifier("a*?b", 0, REGEX_NO_BOUND, "b");
	quantifier("a++b", 1, REGEX_NO_BOUND, "b");
	quantifier("a??b", 0, 1, "b");
	quantifier("a{2}b", 2, 2, "b");
	quantifier("a{2,}b", 2, REGEX_NO_BOUND, "b");
	quantifier("a{2,13}+b", 2, 13, "b");
	quantifier("a{99999999999}", REGEX_REPEATS_MAX, REGEX_REPEATS_MAX,
	    "");
	tokens("a{", "c:a c:{");
	tokens("a{2", "c:a c:{ c:2");
	tokens("a{x}", "c:a c:{ c:x c:}");
	tokens("a{2x}", "c:a c:{ c:2 c:x c:}");
	/* PCRE2 10.43 and later. */
	if ((re = regex_new(SLICE("{,2}"), 0, &e)) == NULL)
		quantifier("a{,2}b", 0, 2, "b");
	else
		tokens("a{,2}", "c:a c:{ c:, c:2 c:}");
	regex_free(re);
}

static void
group(const char *regex, enum regex_group want)
{
	struct regex_token t;
	size_t at = 0;

	tap_ok(regex_next(&t, slice_str(regex), &at) &&
	    t.kind == REGEX_OPEN && t.group == want, "the group %s", regex);
}

static void
test_groups(void)
{
	group("(a)", REGEX_GROUP_NUMBERED);
	group("(?P<n>a)", REGEX_GROUP_NAMED);
	group("(?<n>a)", REGEX_GROUP_NAMED);
	group("(?:a)", REGEX_GROUP_BARE);
	group("(?>a)", REGEX_GROUP_ATOMIC);
	group("(?|a)", REGEX_GROUP_RESET);
	group("(?=a)", REGEX_GROUP_LOOK);
	group("(?!a)", REGEX_GROUP_LOOK);
	group("(?<=a)", REGEX_GROUP_LOOK);
	group("(?<!a)", REGEX_GROUP_LOOK);
	group("(?i)", REGEX_GROUP_OTHER);
	group("(*F)", REGEX_GROUP_OTHER);
}

static void
atoms(const char *regex, const char *want)
{
	struct slice re = slice_str(regex), one;
	struct buf out = { 0 };
	struct regex_token t;
	size_t at = 0;

	while (regex_next_atom(&t, re, &at))
		(void)buf_addf(&out, "%s%.*s", out.len > 0 ? " " : "",
		    (int)t.text.len, t.text.p);
	(void)buf_add_str(&out, " :");
	for (at = 0; regex_next_alternative(&one, re, &at);)
		(void)buf_addf(&out, " %.*s/", (int)one.len, one.p);
	tap_str(buf_cstr(&out), want, "atoms and alternatives of %s", regex);
	buf_clear(&out);
}

static void
test_atoms(void)
{
	atoms("", " : /");
	atoms("a", "a : a/");
	atoms("a(b|[)])*|c", "a (b|[)]) * | c : a(b|[)])*/ c/");
	atoms("((a)(b))c", "((a)(b)) c : ((a)(b))c/");
	atoms("a||b|", "a | | b | : a/ / b/ /");
	atoms("(a|b", "(a|b : (a|b/");
	atoms("a)b", "a ) b : a)b/");
}

static void
class(const char *text, const char *want)
{
	struct slice s = slice_str(text);
	struct buf out = { 0 };
	struct regex_item item;
	size_t at;

	(void)buf_add_str(&out, regex_class_start(s, &at) ? "not" : "");
	while (regex_class_next(&item, s, &at))
		switch (item.kind) {
		case REGEX_RANGE:
			(void)buf_addf(&out, " %c-%c", item.from, item.to);
			break;
		case REGEX_SET:
			(void)buf_addf(&out, " \\%c", item.from);
			break;
		case REGEX_POSIX:
			(void)buf_add_str(&out, " posix");
			break;
		}
	tap_str(buf_cstr(&out), want, "what is in %s", text);
	buf_clear(&out);
}

static void
test_classes(void)
{
	struct regex_item item;
	size_t at;

	class("[a]", " a-a");
	class("[^a]", "not a-a");
	class("[a-z_]", " a-z _-_");
	class("[]a]", " ]-] a-a");
	class("[^]-a]", "not ]-a");
	class("[a-]", " a-a ---");
	class("[-a]", " --- a-a");
	class("[--/]", " --/");
	class("[\\d\\]\\\\]", " \\d ]-] \\-\\");
	class("[\\+-\\/]", " +-/");
	class("[a-\\d]", " a-a --- \\d");
	class("[[:alpha:]-]", " posix ---");
	class("[[:a]", " [-[ :-: a-a");
	(void)regex_class_start(SLICE("[ -\xc3]"), &at);
	tap_ok(regex_class_next(&item, SLICE("[ -\xc3]"), &at) &&
	    item.from == ' ' && item.to == 0xc3, "bytes have no sign");
}

static void
test_spells(void)
{
	tap_ok(regex_spells(SLICE("\\d+|\\*"), '*'), "escaped");
	tap_ok(regex_spells(SLICE("a[b*]"), '*'), "in a class");
	tap_ok(regex_spells(SLICE("a#"), '#'), "as it stands");
	tap_ok(!regex_spells(SLICE("\\d*"), '*'), "not by a quantifier");
	tap_ok(!regex_spells(SLICE("[!-~]"), '*'), "not by a range");
	tap_ok(!regex_spells(SLICE("[^*]"), '*'), "not where it may not be");
	tap_ok(!regex_spells(SLICE(".+"), '*'), "not where anything may be");
	tap_ok(!regex_spells(SLICE("(?>a)"), '>'), "not by a group");
	tap_ok(!regex_spells(SLICE(""), '*'), "not by nothing");
}

int
main(void)
{
	test_tokens();
	test_quantifiers();
	test_groups();
	test_atoms();
	test_classes();
	test_spells();
	return tap_done();
}
