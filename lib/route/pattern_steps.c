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

/* ---- what an expression cannot match ---- */

/* Whether \x cannot stand for the byte c; *p moves behind the x. */
static bool
escape_excludes(const char **p, const char *end, char c)
{
	unsigned char u = (unsigned char)c;
	char x;

	if (*p == end)
		return false;
	x = *(*p)++;
	switch (x) {
	case 'd':
		return !isdigit(u);
	case 'w':
		return !isalnum(u) && c != '_';
	default:
		return ispunct((unsigned char)x) && x != c;
	}
}

/* The same of a class, *p behind its '['; it moves behind the ']'. */
static bool
class_excludes(const char **p, const char *end, char c)
{
	bool negated = *p < end && **p == '^', named = false, ok = true;
	const char *first = *p += negated;

	for (; *p < end && (**p != ']' || *p == first); ) {
		char from = *(*p)++;

		if (from == '[' || *p == end)
			return false;	/* [:digit:], or no class at all */
		if (from == '\\' && strchr("dw", **p) != NULL) {
			ok = (escape_excludes(p, end, c) || negated) && ok;
			continue;
		}
		if (from == '\\' && !ispunct((unsigned char)**p))
			return false;
		if (from == '\\')
			from = *(*p)++;
		named = named || from == c;
		if (*p + 1 < end && **p == '-' && (*p)[1] != ']') {
			ok = ok && (*p)[1] != '\\' &&
			    (c < from || c > (*p)[1]);
			*p += 2;
		}
	}
	if (*p == end)
		return false;
	++*p;
	return ok && named == negated;
}

/* Whether nothing that matches re has the byte c: certain when true.  What a
 * quantifier is made of passes for text, which errs on the safe side. */
static bool
regex_excludes(struct slice re, char c)
{
	const char *p = re.p, *end = re.p + re.len;
	bool ok = isascii(c) && !isalpha((unsigned char)c);

	while (ok && p < end) {
		switch (*p++) {
		case '\\':
			ok = escape_excludes(&p, end, c);
			break;
		case '[':
			ok = class_excludes(&p, end, c);
			break;
		case '(':
			ok = p == end || (*p != '*' && (*p != '?' ||
			    (p + 1 < end && p[1] == ':')));
			break;
		case '.':
			ok = false;
			break;
		default:
			ok = p[-1] != c;
			break;
		}
	}
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
