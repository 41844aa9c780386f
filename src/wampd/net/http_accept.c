/*
 * http_accept.c: which type of content a client prefers.
 */
#include "wampd/net/http_accept.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "wampd/net/http_field.h"

/* How well a range fits. */
enum fit { FIT_NOT, FIT_ALL, FIT_KIND, FIT_TYPE, FIT_VERSION };

/* Take what is in front of the next semicolon that no quotes enclose. */
static struct slice
take_part(struct slice *rest)
{
	struct slice part;
	bool quoted = false;
	size_t i;

	for (i = 0; i < rest->len && (quoted || rest->p[i] != ';'); i++) {
		if (quoted && rest->p[i] == '\\' && i + 1 < rest->len)
			i++;
		else if (rest->p[i] == '"')
			quoted = !quoted;
	}
	part = slice_of(rest->p, i);
	i += i < rest->len;
	*rest = slice_of(rest->p + i, rest->len - i);
	return http_trim(part);
}

static enum fit
fit_of_type(struct slice range, const char *type)
{
	size_t kind = strcspn(type, "/") + 1;

	if (slice_eq(range, SLICE("*/*")))
		return FIT_ALL;
	if (http_token_eq(range, type))
		return FIT_TYPE;
	/* "text/" and "*" */
	if (range.len == kind + 1 && range.p[kind] == '*' &&
	    strncasecmp(range.p, type, kind) == 0)
		return FIT_KIND;
	return FIT_NOT;
}

/* Read "0", "0.5", "1.000" (RFC 9110 section 12.4.2).  Thousandths, or -1. */
static int
read_quality(struct slice s)
{
	int q, unit = 100;
	size_t i;

	if (s.len == 0 || s.len > 5 || (s.p[0] != '0' && s.p[0] != '1') ||
	    (s.len > 1 && s.p[1] != '.'))
		return -1;
	q = (s.p[0] - '0') * HTTP_ACCEPT_MOST;
	for (i = 2; i < s.len; i++, unit /= 10) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		q += (s.p[i] - '0') * unit;
	}
	return q <= HTTP_ACCEPT_MOST ? q : -1;
}

static struct slice
unquote(struct slice s)
{
	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		return slice_of(s.p + 1, s.len - 2);
	return s;
}

/* Split "name=value".  Whether it is that. */
static bool
split_parameter(struct slice p, struct slice *name, struct slice *value)
{
	const char *is = p.len > 0 ? memchr(p.p, '=', p.len) : NULL;
	size_t n;

	if (is == NULL)
		return false;
	n = (size_t)(is - p.p);
	*name = slice_of(p.p, n);
	*value = unquote(slice_of(is + 1, p.len - n - 1));
	return true;
}

/* Read a range with its parameters.  *quality is set unless it fits not. */
static enum fit
read_range(struct slice element, const struct http_media *m, int *quality)
{
	enum fit fit = fit_of_type(take_part(&element), m->type);
	struct slice part, name, value;

	*quality = HTTP_ACCEPT_MOST;
	while (fit != FIT_NOT && element.len > 0) {
		part = take_part(&element);
		if (part.len == 0)
			continue;
		if (!split_parameter(part, &name, &value))
			return FIT_NOT;
		if (http_token_eq(name, "q")) {
			*quality = read_quality(value);
			return *quality == -1 ? FIT_NOT : fit;
		}
		if (m->name == NULL || !http_token_eq(name, m->name))
			continue;
		if (!slice_eq(value, slice_str(m->value)))
			return FIT_NOT;
		fit = FIT_VERSION;
	}
	return fit;
}

unsigned
http_accept(struct slice fields, const struct http_media *m)
{
	struct slice ignored, element;
	enum fit best = FIT_NOT, fit;
	int quality = 0, q;

	if (http_field_find(fields, "accept", &ignored) == 0)
		return HTTP_ACCEPT_MOST;
	while (http_element_next(&fields, "accept", &element)) {
		fit = read_range(element, m, &q);
		if (fit > best) {
			best = fit;
			quality = q;
		}
	}
	return (unsigned)quality;
}
