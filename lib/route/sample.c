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
#include "route/regex_scan.h"

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

static void
set_add_class(struct set *set, struct slice class)
{
	struct regex_item item;
	size_t at;
	bool negated = regex_class_start(class, &at);

	while (regex_class_next(&item, class, &at)) {
		if (item.kind == REGEX_SET)
			set_add_escape(set, (char)item.from);
		else if (item.kind == REGEX_RANGE)
			set_add_range(set, item.from, item.to);
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
	struct regex_token open;
	size_t at = 0;
	int rc;

	if (s->depth == SAMPLE_DEPTH_MAX || !regex_next(&open, group, &at) ||
	    at == group.len || open.group == REGEX_GROUP_LOOK ||
	    open.group == REGEX_GROUP_OTHER)
		return 0;
	s->depth++;
	rc = write_alternatives(s, slice_of(group.p + at, group.len - 1 - at));
	s->depth--;
	return rc;
}

static int
write_atom(struct sampler *s, const struct regex_token *atom)
{
	struct set set = { { false } };
	char c = atom->text.p[atom->text.len - 1];

	switch (atom->kind) {
	case REGEX_OPEN:
		return write_group(s, atom->text);
	case REGEX_CLASS:
		set_add_class(&set, atom->text);
		break;
	case REGEX_ESCAPE:
		if (strchr("AbBGkKQEzZ", c) != NULL)
			return 0;
		set_add_escape(&set, c);
		break;
	default:
		if (c == '^' || c == '$')
			return 0;
		if (c == '.') {
			set_add_escape(&set, 'w');
			set.has['/'] = set.has['-'] = true;
		} else {
			set.has[(unsigned char)c] = true;
		}
		break;
	}
	return write_one_of(s, &set);
}

/* How often to write what stands before *at, which moves behind its quantifier,
 * if it has one.  A star counts from one: a sample of nothing tells little. */
static unsigned
draw_repeats(struct sampler *s, struct slice re, size_t *at)
{
	struct regex_token t;
	size_t behind = *at;
	unsigned fewest, more;

	if (!regex_next(&t, re, &behind) || t.kind != REGEX_QUANTIFIER) {
		fewest = 1;
		more = 0;
	} else {
		*at = behind;
		fewest = t.text.p[0] == '*' ? 1 : t.fewest;
		more = t.most > fewest ? t.most - fewest : 0;
	}
	if (fewest > SAMPLE_MAX)
		fewest = SAMPLE_MAX;
	if (more > SAMPLE_MORE_MAX)
		more = SAMPLE_MORE_MAX;
	return fewest + draw(s, more + 1);
}

static int
write_sequence(struct sampler *s, struct slice re)
{
	struct regex_token atom;
	size_t at = 0;
	unsigned n;

	while (s->work < SAMPLE_WORK_MAX && regex_next_atom(&atom, re, &at)) {
		s->work += atom.text.len;
		for (n = draw_repeats(s, re, &at); n > 0 &&
		    s->out->len < SAMPLE_MAX && s->work < SAMPLE_WORK_MAX; n--)
			if (write_atom(s, &atom) == -1)
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

	while (regex_next_alternative(&one, re, &at))
		n++;
	chosen = draw(s, n);
	at = 0;
	do
		(void)regex_next_alternative(&one, re, &at);
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
