/*
 * jq_literal.c: the numbers that a jq program itself names.
 */
#include "proto/jq_literal.h"

#include <stddef.h>

#include "proto/json_digits.h"

#define NESTED_MAX	64	/* strings within strings: "\(...)" */

/* Where we are in the program's text. */
struct reader {
	const char *p;
	size_t	    strings;	/* open ones, each but the last in "\(" */
	unsigned    parens[NESTED_MAX + 1]; /* open ones, within each */
	bool	    quoted;	/* in the last one's characters */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    is_digit(c);
}

/* In a string's characters.  false: too many are open. */
static bool
read_quoted(struct reader *r)
{
	if (*r->p == '\\' && r->p[1] == '(') {
		if (r->strings == NESTED_MAX)
			return false;
		r->parens[r->strings] = 0;
		r->quoted = false;
		r->p++;
	} else if (*r->p == '\\' && r->p[1] != '\0') {
		r->p++;
	} else if (*r->p == '"') {
		r->strings--;
		r->quoted = false;
	}
	r->p++;
	return true;
}

/* One sign outside of words, numbers and strings. */
static void
read_sign(struct reader *r)
{
	switch (*r->p++) {
	case '#':
		while (*r->p != '\0' && *r->p != '\n')
			r->p++;
		break;
	case '"':
		r->strings++;
		r->quoted = true;
		break;
	case '(':
		r->parens[r->strings]++;
		break;
	case ')':
		if (r->parens[r->strings] > 0)
			r->parens[r->strings]--;
		else if (r->strings > 0)
			r->quoted = true;
		break;
	default:
		break;
	}
}

/* A number; false: it is no plain whole one. */
static bool
read_number(struct reader *r, struct slice *number)
{
	const char *first = r->p;

	while (is_digit(*r->p))
		r->p++;
	*number = slice_of(first, (size_t)(r->p - first));
	if (*r->p != '.' && *r->p != 'e' && *r->p != 'E')
		return true;
	while (is_digit(*r->p) || *r->p == '.' || *r->p == 'e' ||
	    *r->p == 'E' || ((*r->p == '+' || *r->p == '-') &&
	    (r->p[-1] | 0x20) == 'e'))
		r->p++;
	return false;
}

bool
jq_literal_lossy(const char *program, struct slice *number)
{
	struct reader r = { .p = program };

	while (*r.p != '\0') {
		if (r.quoted) {
			if (!read_quoted(&r))
				return false;
		} else if (is_digit(*r.p)) {
			if (read_number(&r, number) && !json_is_held(*number))
				return true;
		} else if (is_word(*r.p)) {
			while (is_word(*r.p))
				r.p++;
		} else {
			read_sign(&r);
		}
	}
	return false;
}
