/*
 * json.c: the scanner, one strict pass over a text (RFC 8259).
 *
 * Every message of every peer goes through here, so it is written for speed:
 * no allocation, no recursion, no look behind.  A scan_* function takes the
 * place where its piece starts and returns the place behind it, or NULL when
 * the text is wrong; then the error has been filled.
 */
#include "proto/json.h"

#include "base/utf8.h"
#include "proto/json_text.h"

struct scan {
	const char	  *start;
	const char	  *end;
	struct json_error *e;		/* borrowed */
	unsigned	   depth;	/* containers open now */
	unsigned	   max;		/* containers that may be open */
	bool		   escaped;	/* a string had a backslash */
	bool		   newline;	/* white space had a CR or LF */
	char		   closer[JSON_DEPTH_MAX]; /* of each open container */
};

static void
scan_init(struct scan *s, struct slice text, unsigned depth,
    struct json_error *e)
{
	s->start = text.len > 0 ? text.p : "";
	s->end = s->start + text.len;
	s->e = e;
	s->depth = 0;
	s->max = depth < JSON_DEPTH_MAX ? depth : JSON_DEPTH_MAX;
	s->escaped = false;
	s->newline = false;
}

static const char *
scan_fail(struct scan *s, const char *p, const char *what)
{
	s->e->offset = (size_t)(p - s->start);
	s->e->deep = false;
	s->e->what = p == s->end ? "unexpected end of the text" : what;
	return NULL;
}

static bool
scan_at(const struct scan *s, const char *p, char c)
{
	return p < s->end && *p == c;
}

static const char *
scan_space_run(struct scan *s, const char *p)
{
	for (; p < s->end && json_is_space(*p); p++)
		if (*p == '\n' || *p == '\r')
			s->newline = true;
	return p;
}

/* Programs write JSON without white space: ask first, then look for it. */
static inline const char *
scan_space(struct scan *s, const char *p)
{
	if (p < s->end && *p > ' ')
		return p;
	return scan_space_run(s, p);
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

static bool
is_short_escape(char c)
{
	switch (c) {
	case '"': case '\\': case '/':
	case 'b': case 'f': case 'n': case 'r': case 't':
		return true;
	default:
		return false;
	}
}

/* p is at the backslash.  A surrogate needs no partner: the grammar of
 * RFC 8259 has none, and its section 8.2 leaves the meaning to readers. */
static const char *
scan_escape(struct scan *s, const char *p)
{
	s->escaped = true;
	if (++p == s->end)
		return scan_fail(s, p, NULL);
	if (is_short_escape(*p))
		return p + 1;
	if (*p++ != 'u')
		return scan_fail(s, p - 1, "unknown escape");
	for (int i = 0; i < 4; i++, p++)
		if (p == s->end || !is_hex(*p))
			return scan_fail(s, p, "expected a hexadecimal digit");
	return p;
}

/* p is at a byte from 0x80 on. */
static const char *
scan_utf8(struct scan *s, const char *p)
{
	size_t n = utf8_run(slice_of(p, (size_t)(s->end - p)));

	return n > 0 ? p + n : scan_fail(s, p, "invalid UTF-8");
}

/* p is behind the opening quote. */
static const char *
scan_string(struct scan *s, const char *p)
{
	do {
		p = json_span(p, s->end);
		if (p == s->end)
			return scan_fail(s, p, NULL);
		if (*p == '"')
			return p + 1;
		if (*p == '\\')
			p = scan_escape(s, p);
		else if ((unsigned char)*p < 0x20)
			p = scan_fail(s, p, "control character in a string");
		else
			p = scan_utf8(s, p);
	} while (p != NULL);
	return NULL;
}

static const char *
scan_digits(struct scan *s, const char *p)
{
	const char *first = p;

	while (p < s->end && *p >= '0' && *p <= '9')
		p++;
	return p > first ? p : scan_fail(s, p, "expected a digit");
}

/* p is at the minus or the first digit.  A digit behind a leading zero is
 * left to the caller, who expects a comma there. */
static const char *
scan_number(struct scan *s, const char *p)
{
	if (*p == '-')
		p++;
	if (scan_at(s, p, '0'))
		p++;
	else if ((p = scan_digits(s, p)) == NULL)
		return NULL;
	if (scan_at(s, p, '.') && (p = scan_digits(s, p + 1)) == NULL)
		return NULL;
	if (!scan_at(s, p, 'e') && !scan_at(s, p, 'E'))
		return p;
	p++;
	if (scan_at(s, p, '+') || scan_at(s, p, '-'))
		p++;
	return scan_digits(s, p);
}

static const char *
scan_word(struct scan *s, const char *p, struct slice word)
{
	if (!slice_starts(slice_of(p, (size_t)(s->end - p)), word))
		return scan_fail(s, p, "expected a value");
	return p + word.len;
}

/* A value that is neither array nor object. */
static const char *
scan_scalar(struct scan *s, const char *p)
{
	if (p == s->end)
		return scan_fail(s, p, NULL);
	switch (*p) {
	case '"':
		return scan_string(s, p + 1);
	case 't':
		return scan_word(s, p, SLICE("true"));
	case 'f':
		return scan_word(s, p, SLICE("false"));
	case 'n':
		return scan_word(s, p, SLICE("null"));
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return scan_number(s, p);
	default:
		return scan_fail(s, p, "expected a value");
	}
}

/* An object member's key and colon, up to the value. */
static const char *
scan_key(struct scan *s, const char *p)
{
	if (!scan_at(s, p, '"'))
		return scan_fail(s, p, "expected a key");
	if ((p = scan_string(s, p + 1)) == NULL)
		return NULL;
	p = scan_space(s, p);
	if (!scan_at(s, p, ':'))
		return scan_fail(s, p, "expected ':'");
	return scan_space(s, p + 1);
}

/* What the innermost open container ends with. */
static char
scan_closer(const struct scan *s)
{
	return s->closer[s->depth - 1];
}

/* To the value of the member at p. */
static const char *
scan_member(struct scan *s, const char *p)
{
	return scan_closer(s) == '}' ? scan_key(s, p) : p;
}

/* Go into the container at p, to its first member or its end. */
static const char *
scan_open(struct scan *s, const char *p)
{
	if (s->depth == s->max) {
		(void)scan_fail(s, p, "nested too deeply");
		s->e->deep = true;
		return NULL;
	}
	s->closer[s->depth++] = *p == '[' ? ']' : '}';
	return scan_space(s, p + 1);
}

/* Behind a value: leave the containers that end here, down to a depth of
 * outside, and go to the next value if one of them has more. */
static const char *
scan_behind(struct scan *s, const char *p, unsigned outside)
{
	while (s->depth > outside) {
		p = scan_space(s, p);
		if (scan_at(s, p, ','))
			return scan_member(s, scan_space(s, p + 1));
		if (!scan_at(s, p, scan_closer(s)))
			return scan_fail(s, p, scan_closer(s) == ']' ?
			    "expected ',' or ']'" : "expected ',' or '}'");
		p++;
		s->depth--;
	}
	return p;
}

static const char *
scan_value(struct scan *s, const char *p)
{
	unsigned outside = s->depth;

	do {
		if (scan_at(s, p, '[') || scan_at(s, p, '{')) {
			if ((p = scan_open(s, p)) == NULL)
				return NULL;
			if (!scan_at(s, p, scan_closer(s))) {
				p = scan_member(s, p);
				continue;
			}
		} else {
			p = scan_scalar(s, p);
		}
		if (p != NULL)
			p = scan_behind(s, p, outside);
	} while (p != NULL && s->depth > outside);
	return p;
}

/* A value of which something is to be known. */
static const char *
scan_element(struct scan *s, const char *p, struct json_elem *out)
{
	const char *first = p;

	s->escaped = false;
	s->newline = false;
	if ((p = scan_value(s, p)) == NULL)
		return NULL;
	out->text = slice_of(first, (size_t)(p - first));
	out->type = json_type_at(*first);
	out->escaped = out->type == JSON_STRING && s->escaped;
	out->newline = s->newline;
	return p;
}

/* Behind the value that is all of the text: only white space may follow. */
static int
scan_end(struct scan *s, const char *p)
{
	if ((p = scan_space(s, p)) == s->end)
		return 0;
	(void)scan_fail(s, p, "expected the end of the text");
	return -1;
}

int
json_scan_array(struct slice text, unsigned depth, struct json_elem *elems,
    size_t max, size_t *count, size_t *last_end, struct json_error *e)
{
	struct json_elem spare;
	size_t n = 0, end = 0;
	struct scan s;
	const char *p;

	scan_init(&s, text, depth, e);
	p = scan_space(&s, s.start);
	if (!scan_at(&s, p, '['))
		p = scan_fail(&s, p, "expected an array");
	else if ((p = scan_open(&s, p)) != NULL && scan_at(&s, p, ']'))
		p = scan_behind(&s, p, 0);
	while (p != NULL && s.depth > 0) {
		p = scan_element(&s, p, n < max ? &elems[n] : &spare);
		if (p == NULL)
			break;
		n++;
		end = (size_t)(p - s.start);
		p = scan_behind(&s, p, 0);
	}
	if (p == NULL)
		return -1;
	*count = n;
	if (last_end != NULL)
		*last_end = end;
	return scan_end(&s, p);
}

int
json_scan_value(struct slice text, unsigned depth, struct json_elem *out,
    struct json_error *e)
{
	struct scan s;
	const char *p;

	scan_init(&s, text, depth, e);
	p = scan_element(&s, scan_space(&s, s.start), out);
	return p == NULL ? -1 : scan_end(&s, p);
}
