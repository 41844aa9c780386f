/*
 * sample.c: texts that a regular expression matches.
 *
 * The expression is walked once, writing as it goes.  Variant 0 takes the first
 * of all that may stand somewhere, letters and digits before all else; others
 * draw.
 */
#include "route/sample.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "route/pattern_regex.h"
#include "route/regex.h"

#define SAMPLE_DEPTH_MAX	32	/* nested groups */
#define SAMPLE_MORE_MAX		3	/* repetitions above the fewest */

/* Nested groups that write nothing would be walked 4^32 times.  What an honest
 * expression takes for its 256 bytes is far below. */
#define SAMPLE_WORK_MAX		(1u << 18)	/* bytes looked at */

struct sampler {
	struct buf *out;
	unsigned    variant;
	uint32_t    state;	/* of the draw */
	unsigned    depth;
	size_t	    work;	/* bytes of the expression looked at */
};

/* The characters that an atom may be. */
struct set {
	bool has[256];
};

static unsigned
draw(struct sampler *s, unsigned n)
{
	if (s->variant == 0 || n == 0)
		return 0;
	s->state = s->state * 1664525u + 1013904223u;
	return (s->state >> 16) % n;
}

/* ---- walking an expression ---- */

/* Where the class that starts at `at` ends, behind its ']'. */
static size_t
class_end(struct slice re, size_t at)
{
	size_t i = at + 1;

	if (i < re.len && re.p[i] == '^')
		i++;
	if (i < re.len && re.p[i] == ']')
		i++;
	for (; i < re.len && re.p[i] != ']'; i++)
		if (re.p[i] == '\\')
			i++;
	return i < re.len ? i + 1 : re.len;
}

/* Where the group, class or character at `at` ends. */
static size_t
atom_end(struct slice re, size_t at)
{
	size_t i = at, depth = 0;

	do {
		switch (re.p[i]) {
		case '\\':
			i += 2;
			break;
		case '[':
			i = class_end(re, i);
			break;
		case '(':
			depth++;
			i++;
			break;
		case ')':
			depth -= depth > 0;
			i++;
			break;
		default:
			i++;
			break;
		}
	} while (depth > 0 && i < re.len);
	return i < re.len ? i : re.len;
}

bool
sample_alternative(struct slice regex, size_t *at, struct slice *out)
{
	size_t start = *at, i = start;

	if (start > regex.len)
		return false;
	while (i < regex.len && regex.p[i] != '|')
		i = atom_end(regex, i);
	*out = slice_of(regex.p + start, i - start);
	*at = i + 1;
	return true;
}

/* ---- characters ---- */

static void
set_add_range(struct set *set, unsigned char from, unsigned char to)
{
	unsigned c;

	for (c = from; c <= to; c++)
		set->has[c] = true;
}

/* What \x stands for: one of the usual sets, or the character itself. */
static void
set_add_escape(struct set *set, char x)
{
	switch (x) {
	case 'd':
		set_add_range(set, '0', '9');
		break;
	case 'w':
		set_add_range(set, 'a', 'z');
		set_add_range(set, 'A', 'Z');
		set_add_range(set, '0', '9');
		set->has['_'] = true;
		break;
	case 's':
	case 'h':
		set->has[' '] = true;
		break;
	case 'D':
	case 'S':
	case 'N':
		set_add_range(set, 'a', 'z');
		break;
	case 'W':
		set->has['-'] = true;
		break;
	case 't':
		set->has['\t'] = true;
		break;
	case 'n':
		set->has['\n'] = true;
		break;
	default:
		set->has[(unsigned char)x] = true;
		break;
	}
}

/* Of all the others those that read well, if there are any. */
static void
set_negate(struct set *set)
{
	unsigned c, plain = 0;

	for (c = 0; c < 256; c++) {
		set->has[c] = !set->has[c] && c < 0x80 && isgraph((int)c);
		plain += set->has[c] && isalnum((int)c);
	}
	for (c = 0; c < 256 && plain > 0; c++)
		set->has[c] = set->has[c] && (isalnum((int)c) || c == '*');
}

/* A class, its brackets included. */
static void
set_add_class(struct set *set, struct slice class)
{
	size_t i = 1, end = class.len - 1;
	bool negated = class.len > 2 && class.p[1] == '^';

	for (i += negated; i < end; i++) {
		if (class.p[i] == '\\' && i + 1 < end) {
			set_add_escape(set, class.p[++i]);
		} else if (i + 2 < end && class.p[i + 1] == '-') {
			set_add_range(set, (unsigned char)class.p[i],
			    (unsigned char)class.p[i + 2]);
			i += 2;
		} else {
			set->has[(unsigned char)class.p[i]] = true;
		}
	}
	if (negated)
		set_negate(set);
}

static int
write_one_of(struct sampler *s, const struct set *set)
{
	unsigned c, n = 0, first = 0;

	for (c = 0; c < 256; c++) {
		n += set->has[c];
		if (set->has[c] && (first == 0 || !isalnum((int)first)))
			first = c;
	}
	if (n == 0)
		return 0;
	if (s->variant == 0)
		return buf_add_char(s->out, (char)first);
	n = draw(s, n);
	for (c = 0; c < 256; c++)
		if (set->has[c] && n-- == 0)
			break;
	return buf_add_char(s->out, (char)c);
}

/* ---- writing ---- */

static int	write_alternatives(struct sampler *s, struct slice re);

/* A group, its parentheses included. */
static int
write_group(struct sampler *s, struct slice group)
{
	struct slice in = slice_of(group.p + 1, group.len - 2);
	const char *end;
	int rc;

	if (group.len < 2 || s->depth == SAMPLE_DEPTH_MAX ||
	    slice_starts(in, SLICE("*")))
		return 0;
	if (slice_starts(in, SLICE("?:")) || slice_starts(in, SLICE("?>")) ||
	    slice_starts(in, SLICE("?|"))) {
		in = slice_of(in.p + 2, in.len - 2);
	} else if (slice_starts(in, SLICE("?P<")) ||
	    (slice_starts(in, SLICE("?<")) && in.len > 2 &&
	    in.p[2] != '=' && in.p[2] != '!')) {
		if ((end = memchr(in.p, '>', in.len)) == NULL)
			return 0;
		in = slice_of(end + 1, in.len - (size_t)(end + 1 - in.p));
	} else if (slice_starts(in, SLICE("?"))) {
		return 0;
	}
	s->depth++;
	rc = write_alternatives(s, in);
	s->depth--;
	return rc;
}

static int
write_atom(struct sampler *s, struct slice atom)
{
	struct set set = { { false } };

	switch (atom.p[0]) {
	case '(':
		return write_group(s, atom);
	case '^':
	case '$':
		return 0;
	case '[':
		set_add_class(&set, atom);
		break;
	case '.':
		set_add_escape(&set, 'w');
		set.has['/'] = set.has['-'] = true;
		break;
	case '\\':
		if (atom.len > 1 && strchr("AbBGkKQEzZ", atom.p[1]) != NULL)
			return 0;
		if (atom.len > 1)
			set_add_escape(&set, atom.p[1]);
		break;
	default:
		set.has[(unsigned char)atom.p[0]] = true;
		break;
	}
	return write_one_of(s, &set);
}

static unsigned
read_number(struct slice re, size_t *at)
{
	unsigned n = 0;

	for (; *at < re.len && isdigit((unsigned char)re.p[*at]); ++*at)
		if (n < SAMPLE_MAX)
			n = n * 10 + (unsigned)(re.p[*at] - '0');
	return n;
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

static bool
is_bounds(struct slice re, size_t at)
{
	if (re.p[at] != '{' || at + 1 >= re.len)
		return false;
	if (re.p[at + 1] == ',')
		return at + 2 < re.len &&
		    isdigit((unsigned char)re.p[at + 2]) &&
		    fewest_may_be_missing();
	return isdigit((unsigned char)re.p[at + 1]);
}

/* The quantifier at *at, which moves behind it; without one, once.  A star
 * counts from one: a sample of nothing tells little. */
static void
read_quantifier(struct slice re, size_t *at, unsigned *fewest, unsigned *most)
{
	size_t i = *at;

	*fewest = *most = 1;
	if (i >= re.len)
		return;
	if (re.p[i] == '*' || re.p[i] == '+') {
		*most = SAMPLE_MAX;
		i++;
	} else if (re.p[i] == '?') {
		*fewest = 0;
		i++;
	} else if (is_bounds(re, i)) {
		i++;
		*fewest = *most = read_number(re, &i);
		if (i < re.len && re.p[i] == ',') {
			i++;
			*most = read_number(re, &i);
		}
		if (*most < *fewest)
			*most = SAMPLE_MAX;
		i++;
	} else {
		return;
	}
	if (i < re.len && (re.p[i] == '+' || re.p[i] == '?'))
		i++;
	*at = i < re.len ? i : re.len;
}

static int
write_sequence(struct sampler *s, struct slice re)
{
	unsigned fewest, most, more, n;
	struct slice atom;
	size_t at = 0, end;

	while (at < re.len && s->work < SAMPLE_WORK_MAX) {
		end = atom_end(re, at);
		s->work += end - at;
		atom = slice_of(re.p + at, end - at);
		at = end;
		read_quantifier(re, &at, &fewest, &most);
		more = most - fewest;
		if (more > SAMPLE_MORE_MAX)
			more = SAMPLE_MORE_MAX;
		n = fewest + draw(s, more + 1);
		for (; n > 0 && s->out->len < SAMPLE_MAX &&
		    s->work < SAMPLE_WORK_MAX; n--)
			if (write_atom(s, atom) == -1)
				return -1;
	}
	return 0;
}

static int
write_alternatives(struct sampler *s, struct slice re)
{
	struct slice one = re;
	unsigned n = 0, chosen;
	size_t at = 0;

	s->work += re.len + 1;

	while (sample_alternative(re, &at, &one))
		n++;
	chosen = draw(s, n);
	at = 0;
	do
		(void)sample_alternative(re, &at, &one);
	while (chosen-- > 0);
	return write_sequence(s, one);
}

static struct sampler
sampler_of(struct buf *out, unsigned variant)
{
	return (struct sampler){ .out = out, .variant = variant,
	    .state = variant * 2654435761u };
}

int
sample_regex(struct buf *out, struct slice regex, unsigned variant)
{
	struct buf text = { 0 };
	struct sampler s = sampler_of(&text, variant);
	int rc = regex.len > 0 ? write_alternatives(&s, regex) : 0;

	if (rc == 0)
		rc = buf_add_slice(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

/* ---- topics ---- */

/* The regular expression that the value has, or one for it. */
static int
write_value_regex(struct buf *out, const struct pattern *p,
    const struct pattern_token *t)
{
	if (!p->spec.legacy)
		return pattern_write_value(out, t);
	if (t->requirement == NULL || t->requirement->regex.p == NULL)
		return buf_add_str(out, "\\w+");
	return buf_add_slice(out, t->requirement->regex);
}

/* Odd variants go without what is optional. */
int
sample_topic(struct buf *out, const struct pattern *p, unsigned variant)
{
	size_t i, end = variant % 2 == 1 && p->optional > 0 ? p->optional :
	    p->n_tokens;
	const struct pattern_token *t;
	struct buf regex = { 0 };
	int rc = 0;

	for (i = 0; i < end && rc == 0; i++) {
		t = &p->tokens[i];
		rc = buf_add_slice(out, t->text);
		if (rc == -1 || t->name.p == NULL)
			continue;
		buf_reset(&regex);
		if ((rc = write_value_regex(&regex, p, t)) == 0)
			rc = sample_regex(out, buf_slice(&regex),
			    variant == 0 ? 0 : variant * 64 + (unsigned)i);
	}
	buf_clear(&regex);
	return rc;
}
