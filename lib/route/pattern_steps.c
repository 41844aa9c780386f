/*
 * pattern_steps.c: what is static of the topics that a pattern matches.
 *
 * "a/{x}/b/{y}" has the steps "a/" until '/', "/b/" and then anything.  A
 * parameter can be stepped over when it is certain where it ends: at the first
 * byte that its expression cannot match and that must follow.  Where that is
 * not certain the steps end: they only choose which expressions are tried.
 */
#include "route/pattern_steps.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "route/pattern_regex.h"
#include "route/regex_scan.h"

/* ---- what an expression cannot match ---- */

/* Whether \x cannot stand for the byte c. */
static bool
escape_excludes(unsigned char x, unsigned char c)
{
	switch (x) {
	case 'd':
		return !isdigit(c);
	case 'w':
		return !isalnum(c) && c != '_';
	default:
		return ispunct(x) && x != c;
	}
}

/* Of one that is negated, only what names the byte can be certain. */
static bool
class_excludes(struct slice class, unsigned char c)
{
	struct regex_item item;
	bool negated, named = false;
	size_t at;

	negated = regex_class_start(class, &at);
	while (regex_class_next(&item, class, &at)) {
		if (item.kind == REGEX_POSIX)
			return false;
		if (item.kind == REGEX_RANGE)
			named = named || (c >= item.from && c <= item.to);
		else if (strchr("dw", item.from) == NULL ||
		    (!negated && !escape_excludes(item.from, c)))
			return false;
	}
	return named == negated;
}

static bool
token_excludes(const struct regex_token *t, char c)
{
	switch (t->kind) {
	case REGEX_ESCAPE:
		return escape_excludes((unsigned char)t->text.p[t->text.len -
		    1], (unsigned char)c);
	case REGEX_CLASS:
		return class_excludes(t->text, (unsigned char)c);
	case REGEX_OPEN:
		return t->group == REGEX_GROUP_NUMBERED ||
		    t->group == REGEX_GROUP_BARE;
	case REGEX_CHAR:
		return t->text.p[0] != '.' && t->text.p[0] != c;
	default:
		return true;
	}
}

/* Whether nothing that matches re has the byte c: certain when true. */
static bool
regex_excludes(struct slice re, char c)
{
	bool ok = isascii(c) && !isalpha((unsigned char)c);
	struct regex_token t;
	size_t at = 0;

	while (ok && regex_next(&t, re, &at))
		ok = token_excludes(&t, c);
	return ok;
}

/* ---- the steps ---- */

/* The byte that ends the parameter before token t, or '\0'. */
static char
param_end(const struct pattern *p, const struct pattern_token *t)
{
	const struct pattern_token *param = t - 1;
	struct slice after = t->text;
	struct buf value = { 0 };
	char end = '\0';

	if (after.len == 0)
		return '\0';
	if (p->spec.legacy)
		return after.p[0];	/* always '/' */
	if (pattern_write_value(&value, param) == 0 && value.len > 0 &&
	    regex_excludes(buf_slice(&value), after.p[0]))
		end = after.p[0];
	buf_clear(&value);
	return end;
}

/* The step that starts at token *i; *i moves to where the next one starts. */
static void
step_read(struct pattern_step *step, const struct pattern *p, size_t *i)
{
	const struct pattern_token *t = &p->tokens[*i];
	size_t n = t->text.len;

	if (t->name.p == NULL && ++*i < p->optional && *i < p->n_tokens)
		n += p->tokens[*i].text.len;
	*step = (struct pattern_step){ .text = slice_of(t->text.p, n) };
	step->exact = *i == p->n_tokens;
	if (*i >= p->optional || ++*i >= p->optional)
		*i = p->n_tokens;
	else
		step->until = param_end(p, &p->tokens[*i]);
	if (step->until == '\0')
		*i = p->n_tokens;
}

int
pattern_steps(struct pattern *p, struct arena *mem)
{
	size_t i = 0;

	p->steps = arena_alloc(mem, (p->n_params + 1) * sizeof(*p->steps));
	if (p->steps == NULL)
		return -1;
	do
		step_read(&p->steps[p->n_steps++], p, &i);
	while (i < p->n_tokens);
	return 0;
}
