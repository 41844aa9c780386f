/*
 * regex_scan.c: a regular expression, cut into what it is made of.
 */
#include "route/regex_scan.h"

#include <ctype.h>

#include "route/regex.h"

static bool
is_at(struct slice s, size_t at, char c)
{
	return at < s.len && s.p[at] == c;
}

static bool
is_digit_at(struct slice s, size_t at)
{
	return at < s.len && isdigit((unsigned char)s.p[at]);
}

/* ---- classes ---- */

/* Where the "[:alpha:]" at `at` ends; `at` when there is none. */
static size_t
posix_end(struct slice s, size_t at)
{
	size_t i = at + 2;

	if (!is_at(s, at, '[') || !is_at(s, at + 1, ':'))
		return at;
	i += is_at(s, i, '^');
	while (i < s.len && isalpha((unsigned char)s.p[i]))
		i++;
	return is_at(s, i, ':') && is_at(s, i + 1, ']') ? i + 2 : at;
}

/* Where the class at `at` ends, behind its ']'; 0: nowhere. */
static size_t
class_end(struct slice re, size_t at)
{
	size_t end, i = at + 1;

	i += is_at(re, i, '^');
	i += is_at(re, i, ']');
	while (i < re.len && re.p[i] != ']') {
		end = posix_end(re, i);
		if (end == i)
			end += re.p[i] == '\\' ? 2 : 1;
		i = end;
	}
	return i < re.len ? i + 1 : 0;
}

bool
regex_class_start(struct slice class, size_t *at)
{
	bool negated = is_at(class, 1, '^');

	*at = 1 + negated;
	return negated;
}

/* The byte at *at of what is in a class, or behind the '\' there. */
static bool
take_byte(unsigned char *out, struct slice s, size_t *at)
{
	size_t i = *at;

	if (i >= s.len)
		return false;
	if (s.p[i] == '\\' && i + 1 < s.len) {
		if (isalnum((unsigned char)s.p[++i]))
			return false;
	}
	*out = (unsigned char)s.p[i];
	*at = i + 1;
	return true;
}

bool
regex_class_next(struct regex_item *item, struct slice class, size_t *at)
{
	struct slice s = slice_of(class.p, class.len - 1);
	size_t end;

	if (*at >= s.len)
		return false;
	if ((end = posix_end(s, *at)) > *at) {
		*item = (struct regex_item){ .kind = REGEX_POSIX };
		*at = end;
		return true;
	}
	*item = (struct regex_item){ .kind = REGEX_RANGE };
	if (!take_byte(&item->from, s, at)) {
		item->kind = REGEX_SET;
		item->from = (unsigned char)s.p[*at + 1];
		*at += 2;
		return true;
	}
	item->to = item->from;
	end = *at + 1;
	if (is_at(s, *at, '-') && take_byte(&item->to, s, &end))
		*at = end;
	return true;
}

/* ---- groups ---- */

/* How a group may start, the longer first. */
static const struct {
	const char	*start;
	enum regex_group group;
} groups[] = {
	{ "(?:", REGEX_GROUP_BARE },
	{ "(?>", REGEX_GROUP_ATOMIC },
	{ "(?|", REGEX_GROUP_RESET },
	{ "(?=", REGEX_GROUP_LOOK },
	{ "(?!", REGEX_GROUP_LOOK },
	{ "(?<=", REGEX_GROUP_LOOK },
	{ "(?<!", REGEX_GROUP_LOOK },
	{ "(?P<", REGEX_GROUP_NAMED },
	{ "(?<", REGEX_GROUP_NAMED },
	{ "(?", REGEX_GROUP_OTHER },
	{ "(*", REGEX_GROUP_OTHER },
	{ "(", REGEX_GROUP_NUMBERED },
};

/* The length of what is at the start of s. */
static size_t
read_open(struct regex_token *t, struct slice s)
{
	const char *end;
	size_t i = 0;

	while (!slice_starts(s, slice_str(groups[i].start)))
		i++;
	t->kind = REGEX_OPEN;
	t->group = groups[i].group;
	if (t->group != REGEX_GROUP_NAMED)
		return strlen(groups[i].start);
	if ((end = memchr(s.p, '>', s.len)) != NULL)
		return (size_t)(end - s.p) + 1;
	t->group = REGEX_GROUP_OTHER;
	return 2;
}

/* ---- quantifiers ---- */

static unsigned
read_number(struct slice s, size_t *at)
{
	unsigned n = 0;

	for (; is_digit_at(s, *at); ++*at)
		if (n <= REGEX_REPEATS_MAX)
			n = n * 10 + (unsigned)(s.p[*at] - '0');
	return n < REGEX_REPEATS_MAX ? n : REGEX_REPEATS_MAX;
}

/* Whether "{,2}" is a quantifier, as PCRE2 has it since 10.43: then it may not
 * stand where nothing is to be repeated. */
static bool
fewest_may_be_missing(void)
{
	struct regex_error e;
	struct regex *re = regex_new(SLICE("{,2}"), 0, &e);

	regex_free(re);
	return re == NULL;
}

/* "{2}", "{2,}", "{2,3}" or "{,3}" at the start of s: its length, or 0. */
static size_t
read_bounds(struct regex_token *t, struct slice s)
{
	size_t at = 1;

	if (is_at(s, at, ',') ? !is_digit_at(s, at + 1) ||
	    !fewest_may_be_missing() : !is_digit_at(s, at))
		return 0;
	t->fewest = t->most = read_number(s, &at);
	if (is_at(s, at, ',')) {
		at++;
		t->most = is_digit_at(s, at) ? read_number(s, &at) :
		    REGEX_NO_BOUND;
	}
	return is_at(s, at, '}') ? at + 1 : 0;
}

/* The length of the quantifier at the start of s, or 0. */
static size_t
read_quantifier(struct regex_token *t, struct slice s)
{
	size_t len = 1;

	t->fewest = s.p[0] == '+';
	t->most = s.p[0] == '?' ? 1 : REGEX_NO_BOUND;
	if (s.p[0] == '{')
		len = read_bounds(t, s);
	if (len > 0)
		t->kind = REGEX_QUANTIFIER;
	return len + (len > 0 && (is_at(s, len, '?') || is_at(s, len, '+')));
}

/* ---- tokens ---- */

bool
regex_next(struct regex_token *t, struct slice regex, size_t *at)
{
	struct slice s;
	size_t len = 1;

	if (*at >= regex.len)
		return false;
	s = slice_of(regex.p + *at, regex.len - *at);
	*t = (struct regex_token){ .kind = REGEX_CHAR };
	switch (s.p[0]) {
	case '\\':
		t->kind = REGEX_ESCAPE;
		len = s.len > 1 ? 2 : 1;
		break;
	case '[':
		if ((len = class_end(s, 0)) > 0)
			t->kind = REGEX_CLASS;
		break;
	case '(':
		len = read_open(t, s);
		break;
	case ')':
		t->kind = REGEX_CLOSE;
		break;
	case '|':
		t->kind = REGEX_OR;
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		len = read_quantifier(t, s);
		break;
	default:
		break;
	}
	len += len == 0;	/* a bracket or brace that stands for itself */
	t->text = slice_of(s.p, len);
	*at += len;
	return true;
}

bool
regex_next_atom(struct regex_token *t, struct slice regex, size_t *at)
{
	struct regex_token inner;
	size_t depth, start = *at;

	if (!regex_next(t, regex, at))
		return false;
	for (depth = t->kind == REGEX_OPEN; depth > 0 &&
	    regex_next(&inner, regex, at);) {
		depth += inner.kind == REGEX_OPEN;
		depth -= inner.kind == REGEX_CLOSE;
	}
	t->text = slice_of(regex.p + start, *at - start);
	return true;
}

bool
regex_next_alternative(struct slice *out, struct slice regex, size_t *at)
{
	size_t start = *at, end = start;
	struct regex_token t = { .kind = REGEX_CHAR };

	if (start > regex.len)
		return false;
	while (regex_next_atom(&t, regex, at) && t.kind != REGEX_OR)
		end = *at;
	*out = slice_of(regex.p + start, end - start);
	*at = end + 1;
	return true;
}

/* ---- signs ---- */

static bool
class_spells(struct slice class, unsigned char sign)
{
	struct regex_item item;
	size_t at;

	if (regex_class_start(class, &at))
		return false;
	while (regex_class_next(&item, class, &at))
		if (item.kind == REGEX_RANGE && item.from == sign &&
		    item.to == sign)
			return true;
	return false;
}

bool
regex_spells(struct slice regex, char sign)
{
	struct regex_token t;
	size_t at = 0;

	while (regex_next(&t, regex, &at))
		if ((t.kind == REGEX_CHAR && t.text.p[0] == sign) ||
		    (t.kind == REGEX_ESCAPE && t.text.p[t.text.len - 1] ==
		    sign) || (t.kind == REGEX_CLASS && class_spells(t.text,
		    (unsigned char)sign)))
			return true;
	return false;
}
