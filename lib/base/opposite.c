/*
 * opposite.c: words that mean the opposite of each other.
 */
#include "base/opposite.h"

#include <stddef.h>
#include <strings.h>

#include "base/distance.h"

/* Pairs that differ in a few letters; words of other pairs are not mistaken for
 * each other. */
static const char *const pairs[][2] = {
	{ "add", "remove" },
	{ "allow", "deny" },
	{ "attach", "detach" },
	{ "connect", "disconnect" },
	{ "decode", "encode" },
	{ "decrease", "increase" },
	{ "download", "upload" },
	{ "downgrade", "upgrade" },
	{ "exclude", "include" },
	{ "export", "import" },
	{ "false", "true" },
	{ "first", "last" },
	{ "get", "set" },
	{ "hide", "show" },
	{ "in", "out" },
	{ "join", "leave" },
	{ "login", "logout" },
	{ "max", "min" },
	{ "no", "on" },
	{ "no", "yes" },
	{ "off", "on" },
	{ "offline", "online" },
	{ "read", "write" },
	{ "start", "stop" },
	{ "down", "up" },
	{ "with", "without" },
};

/* Prefixes that negate a word. */
static const char *const negations[] = { "un", "no", "non", "not", "in",
    "dis", "de", "anti" };

#define PAIRS		(sizeof(pairs) / sizeof(pairs[0]))
#define NEGATIONS	(sizeof(negations) / sizeof(negations[0]))

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

static bool
same(struct slice a, struct slice b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

static bool
begins(struct slice word, struct slice start)
{
	return word.len > start.len &&
	    strncasecmp(word.p, start.p, start.len) == 0;
}

/* Twice the distance; half a letter less if the word begins so. */
static size_t
score(struct slice given, struct slice word)
{
	size_t d = distance_between(given, word);

	if (d == SIZE_MAX)
		return d;
	return 2 * d - (given.len > 0 && begins(word, given));
}

/* How far the given part may differ from a word that is meant. */
static size_t
tolerance(struct slice given)
{
	return 2 * (given.len < 3 ? 1 : given.len / 3);
}

/* The word after the negation; len 0: there is no negation. */
static struct slice
without(struct slice word, const char *negation)
{
	struct slice start = slice_str(negation), rest = { NULL, 0 };

	if (!begins(word, start))
		return rest;
	rest = slice_of(word.p + start.len, word.len - start.len);
	if (!is_letter(rest.p[0]))
		rest = slice_of(rest.p + 1, rest.len - 1);
	return rest;
}

/* Whether one of them negates the other. */
static bool
is_negated(struct slice given, struct slice word)
{
	struct slice rest;
	size_t i;

	for (i = 0; i < NEGATIONS; i++) {
		rest = without(given, negations[i]);
		if (rest.len > 1 && without(word, negations[i]).len == 0 &&
		    score(rest, word) <= tolerance(rest))
			return true;
		rest = without(word, negations[i]);
		if (rest.len > 1 && without(given, negations[i]).len == 0 &&
		    score(given, rest) <= tolerance(given) &&
		    score(given, rest) < score(given, word))
			return true;
	}
	return false;
}

static bool
part_is_opposite(struct slice given, struct slice word)
{
	size_t i;
	int side;

	for (i = 0; i < PAIRS; i++)
		for (side = 0; side < 2; side++)
			if (same(word, slice_str(pairs[i][side])) &&
			    score(given, slice_str(pairs[i][!side])) <=
			    score(given, word))
				return true;
	return is_negated(given, word);
}

/* ---- parts ---- */

/* Take the first group of letters off *rest; len 0: there is none. */
static struct slice
next_part(struct slice *rest)
{
	size_t from = 0, to;

	while (from < rest->len && !is_letter(rest->p[from]))
		from++;
	for (to = from; to < rest->len && is_letter(rest->p[to]);)
		to++;
	*rest = slice_of(rest->p + to, rest->len - to);
	return slice_of(rest->p - (to - from), to - from);
}

static size_t
count_parts(struct slice word)
{
	size_t n = 0;

	while (next_part(&word).len > 0)
		n++;
	return n;
}

bool
opposite_meant(struct slice given, struct slice word)
{
	struct slice a, b;

	if (count_parts(given) != count_parts(word))
		return is_negated(given, word);
	while ((a = next_part(&given)).len > 0) {
		b = next_part(&word);
		if (!same(a, b) && part_is_opposite(a, b))
			return true;
	}
	return false;
}

bool
opposite_words(struct slice a, struct slice b)
{
	return opposite_meant(a, b) || opposite_meant(b, a);
}
