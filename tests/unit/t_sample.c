/*
 * t_sample.c: generated texts match, and tell expressions apart.
 */
#include "route/sample.h"

#include <string.h>

#include "route/load.h"
#include "route/regex.h"
#include "tap.h"

/* Each can be sampled in each variant. */
static const char *const expressions[] = { "\\d+", "a", "abc|d", "a?b*c+d{2}",
    "[a-z]{2,3}", "[^/]+", "[^a-zA-Z0-9]", "[\\d_-]+", "[]x]", "[^]x]",
    "(?:en|de)(-[A-Z]{2})?", "(?<year>\\d{4})-\\d\\d", "\\w+\\.txt", ".*",
    "a\\|b|\\(c\\)", "x{2,}y", "((a|b)c)+", "\\D\\S\\W\\s", "a++b", "a+?b",
    "^a$", "\\Ab\\z", "(?P<p>x|y)z", "[a\\]b]+", "a{,2}", "[0-9-]+", "" };

static void
test_expressions(struct regex_scratch *scratch)
{
	struct buf text = { 0 };
	struct regex_error e;
	struct regex *re;
	unsigned variant;
	size_t i, bad;

	for (i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		re = regex_new(slice_str(expressions[i]), 0, &e);
		if (!tap_ok(re != NULL, "%s compiles", expressions[i]))
			continue;
		for (bad = variant = 0; variant < SAMPLE_VARIANTS; variant++) {
			buf_reset(&text);
			bad += sample_regex(&text, slice_str(expressions[i]),
			    variant) == -1 ||
			    !regex_match(re, buf_slice(&text), scratch);
		}
		tap_int(bad, 0, "%s matches its samples", expressions[i]);
		regex_free(re);
	}
	buf_clear(&text);
}

/* Whatever it is given, it ends, within bounds. */
static void
test_odd(void)
{
	static const char *const odd[] = { "(", ")", "[", "[^", "[a", "\\",
	    "a{", "a{9", "a{999999999}", "(?", "(?<", "(?<n", "(*UTF8)a",
	    "((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))",
	    "(?=a)b", "\\1", "|", "||", "a||b", "[[:alpha:]]", "\\Qa*\\E",
	    "(((((a{9}){9}){9}){9}){9}){9}", "*", "?", "a**", "[z-a]" };
	struct buf text = { 0 };
	unsigned variant;
	size_t i, bad = 0;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (variant = 0; variant < 4; variant++) {
			buf_reset(&text);
			bad += sample_regex(&text, slice_str(odd[i]),
			    variant) == -1 || text.len > 2 * SAMPLE_MAX;
		}
	tap_int(bad, 0, "odd expressions give something short");
	buf_clear(&text);
}

static void
test_variants(void)
{
	struct buf first = { 0 }, other = { 0 };
	unsigned variant, different = 0;

	(void)sample_regex(&first, SLICE("(en|de|fr)-[0-9a-z]{3}"), 0);
	tap_slice(buf_slice(&first), "en-000", "the first is the simplest");
	for (variant = 1; variant < SAMPLE_VARIANTS; variant++) {
		buf_reset(&other);
		(void)sample_regex(&other, SLICE("(en|de|fr)-[0-9a-z]{3}"),
		    variant);
		different += !slice_eq(buf_slice(&first), buf_slice(&other));
	}
	tap_ok(different > SAMPLE_VARIANTS / 2, "others are others");
	buf_clear(&first);
	buf_clear(&other);
}

/* Walked as often as they could be, they would take years. */
static void
test_nested(const char *core, const char *more)
{
	struct buf regex = { 0 }, out = { 0 };
	unsigned variant;
	int i, rc = 0;

	for (i = 0; i < 31; i++)
		rc |= buf_add_char(&regex, '(');
	rc |= buf_add_str(&regex, core);
	for (i = 0; i < 31; i++)
		rc |= buf_add_str(&regex, more);
	for (variant = 0; variant < SAMPLE_VARIANTS; variant++)
		rc |= sample_regex(&out, buf_slice(&regex), variant);
	tap_int(rc, 0, "31 nested groups of \"%s\" with \"%s\" have an end",
	    core, more);
	buf_clear(&regex);
	buf_clear(&out);
}

static void
test_topics(const char *channel, bool legacy)
{
	struct buf text = { 0 };
	struct diags d = { 0 };
	struct routes *r;
	unsigned variant;
	size_t bad = 0;

	(void)buf_addf(&text, "r: {handler: h, channel: '%s'}\n", channel);
	r = routes_load_text("t.yml", buf_slice(&text), legacy, &d);
	for (variant = 0; r != NULL && variant < SAMPLE_VARIANTS; variant++) {
		buf_reset(&text);
		bad += sample_topic(&text, routes_pattern(r, 0), variant) ==
		    -1 || routes_match(r, buf_slice(&text), NULL) == NULL;
	}
	tap_ok(r != NULL && bad == 0, "%s matches its topics", channel);
	routes_free(r);
	diag_clear(&d);
	buf_clear(&text);
}

int
main(void)
{
	struct regex_scratch *scratch = regex_scratch_new();

	test_expressions(scratch);
	test_odd();
	test_variants();
	test_nested("", ")*");
	test_nested("(?=a)", ")+");
	test_nested("\\b", "){1,9}");
	test_nested("a?", ")*");
	test_topics("a/b", false);
	test_topics("a/{x}", false);
	test_topics("a/{x}.{y<\\d+>}-{z}/b", false);
	test_topics("a/{x?1}/{y<[a-c]>?a}", false);
	test_topics("{x?1}/{y?2}", false);
	test_topics("/{x?1}", false);
	test_topics("a/{x}/{y-z}/b", true);
	regex_scratch_free(scratch);
	return tap_done();
}
