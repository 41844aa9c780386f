/*
 * http_field.c: what the header fields of HTTP are made of.
 */
#include "wampd/net/http_field.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char
lower_of(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
http_is_token_char(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'))
		return true;
	switch (c) {
	case '!': case '#': case '$': case '%': case '&': case '\'':
	case '*': case '+': case '-': case '.': case '^': case '_':
	case '`': case '|': case '~':
		return true;
	default:
		return false;
	}
}

bool
http_is_token(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!http_is_token_char(s.p[i]))
			return false;
	return s.len > 0;
}

bool
http_token_eq(struct slice a, const char *lower)
{
	size_t i;

	for (i = 0; i < a.len; i++)
		if (lower[i] == '\0' || lower_of(a.p[i]) != lower[i])
			return false;
	return lower[i] == '\0';
}

struct slice
http_trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.p[0]))
		s = slice_of(s.p + 1, s.len - 1);
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* The text up to the end of the line; *rest moves behind the line.  CR stands
 * nowhere else. */
static bool
line_next(struct slice *rest, struct slice *line)
{
	const char *end = rest->len > 0 ? memchr(rest->p, '\r', rest->len - 1) :
	    NULL;

	if (end == NULL)
		return false;
	*line = slice_of(rest->p, (size_t)(end - rest->p));
	*rest = slice_of(end + 2, rest->len - line->len - 2);
	return true;
}

bool
http_field_next(struct slice *fields, struct http_field *f)
{
	const char *colon;
	struct slice line;
	size_t len;

	if (!line_next(fields, &line) || line.len == 0 ||
	    (colon = memchr(line.p, ':', line.len)) == NULL)
		return false;
	len = (size_t)(colon - line.p);
	f->name = slice_of(line.p, len);
	f->value = http_trim(slice_of(colon + 1, line.len - len - 1));
	return true;
}

/* Where the quoted string ends that begins at `at`; a backslash takes the
 * meaning of what follows. */
static size_t
quoted_end(struct slice s, size_t at)
{
	for (at++; at < s.len && s.p[at] != '"'; at++)
		if (s.p[at] == '\\' && at + 1 < s.len)
			at++;
	return at < s.len ? at + 1 : at;
}

bool
http_list_next(struct slice *value, struct slice *element)
{
	struct slice s = *value;
	size_t at = 0;

	while (s.len > 0 && (is_blank(s.p[0]) || s.p[0] == ','))
		s = slice_of(s.p + 1, s.len - 1);
	*value = s;
	if (s.len == 0)
		return false;
	while (at < s.len && s.p[at] != ',')
		at = s.p[at] == '"' ? quoted_end(s, at) : at + 1;
	*element = http_trim(slice_of(s.p, at));
	*value = slice_of(s.p + at, s.len - at);
	return true;
}

/* Whether the line is that of a field of that name, which has len bytes; then
 * *value is its value.  A name ends in the first colon, so other lines are
 * skipped without looking for theirs: a handshake asks for ten fields. */
static bool
line_is(struct slice line, const char *lower, size_t len, struct slice *value)
{
	if (line.len <= len || line.p[len] != ':' ||
	    !http_token_eq(slice_of(line.p, len), lower))
		return false;
	*value = http_trim(slice_of(line.p + len + 1, line.len - len - 1));
	return true;
}

bool
http_element_next(struct slice *fields, const char *lower,
    struct slice *element)
{
	size_t len = strlen(lower);
	struct slice line, value;
	const char *end;
	bool is_rest;

	for (;;) {
		end = fields->len > 0 ? fields->p + fields->len : fields->p;
		/* Behind an element *fields is the rest of its line, and so
		 * begins with a comma, a blank or CR, as no field does. */
		is_rest = fields->len > 0 &&
		    !http_is_token_char(fields->p[0]);
		if (!line_next(fields, &line) || (!is_rest && line.len == 0))
			return false;
		value = line;
		if (!is_rest && !line_is(line, lower, len, &value))
			continue;
		if (http_list_next(&value, element)) {
			*fields = slice_of(value.p,
			    (size_t)(end - value.p));
			return true;
		}
	}
}

unsigned
http_field_find(struct slice fields, const char *lower, struct slice *value)
{
	size_t len = strlen(lower);
	struct slice line;
	unsigned n = 0;

	while (line_next(&fields, &line) && line.len > 0)
		n += line_is(line, lower, len, value);
	return n;
}
