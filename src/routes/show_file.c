/*
 * show_file.c: a routing file with the same routes, in one normal form.
 *
 * Names and values are always quoted, what is inline or imported stands below
 * its channel, and what says nothing is left out.
 */
#include <stdint.h>
#include <string.h>

#include "proto/utf8.h"
#include "route/pattern.h"
#include "routes/show.h"

static bool
is_plain(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	return true;
}

/* 'text', where a quote is two: as regular expressions are best read. */
static int
add_single(struct buf *out, struct slice text)
{
	size_t i;
	int rc = buf_add_char(out, '\'');

	for (i = 0; i < text.len && rc == 0; i++)
		rc = buf_add_str(out, text.p[i] == '\'' ? "''" :
		    (char[]){ text.p[i], '\0' });
	return rc == 0 ? buf_add_char(out, '\'') : -1;
}

/* The code point of a valid sequence. */
static uint32_t
decode(const char *p, size_t n)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)p[0] & masks[n];
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* "text" with all but ASCII escaped: YAML allows not every character as it
 * is. */
static int
add_double(struct buf *out, struct slice text)
{
	size_t i, n;
	uint32_t c;
	int rc = buf_add_char(out, '"');

	for (i = 0; i < text.len && rc == 0; i += n) {
		n = utf8_sequence(slice_of(text.p + i, text.len - i));
		if (n == 0)
			return -1;	/* not from a YAML file */
		c = decode(text.p + i, n);
		if (c == '"' || c == '\\')
			rc = buf_addf(out, "\\%c", (char)c);
		else if (c >= ' ' && c <= '~')
			rc = buf_add_char(out, (char)c);
		else
			rc = buf_addf(out, c > 0xffff ? "\\U%08x" : "\\u%04x",
			    (unsigned)c);
	}
	return rc == 0 ? buf_add_char(out, '"') : -1;
}

static int
add_quoted(struct buf *out, struct slice text)
{
	return is_plain(text) ? add_single(out, text) : add_double(out, text);
}

/* "    key: 'value'" */
static int
add_pair(struct buf *out, const char *indent, struct slice key,
    struct slice value)
{
	if (buf_add_str(out, indent) == -1 || add_quoted(out, key) == -1 ||
	    buf_add_str(out, ": ") == -1 || add_quoted(out, value) == -1)
		return -1;
	return buf_add_char(out, '\n');
}

/* 'name': 'regex', or a mapping where that is the only form. */
static int
add_requirement(struct buf *out, const struct pattern_spec *spec,
    const struct pattern_requirement *r)
{
	if (!spec->legacy && !r->wildcard)
		return add_pair(out, "        ", slice_str(r->name),
		    r->regex);
	if (buf_add_str(out, "        ") == -1 ||
	    add_quoted(out, slice_str(r->name)) == -1 ||
	    buf_add_str(out, ": {") == -1)
		return -1;
	if (r->regex.p != NULL && (buf_add_str(out, " pattern: ") == -1 ||
	    add_quoted(out, r->regex) == -1))
		return -1;
	if (r->wildcard && buf_addf(out, "%s wildcard: true",
	    r->regex.p != NULL ? "," : "") == -1)
		return -1;
	return buf_add_str(out, " }\n");
}

static int
add_parts(struct buf *out, const struct pattern_spec *spec)
{
	size_t i;
	int rc = 0;

	if (spec->n_requirements > 0)
		rc = buf_add_str(out, "    requirements:\n");
	for (i = 0; i < spec->n_requirements && rc == 0; i++)
		rc = add_requirement(out, spec, &spec->requirements[i]);
	if (rc == 0 && spec->n_defaults > 0)
		rc = buf_add_str(out, "    defaults:\n");
	for (i = 0; i < spec->n_defaults && rc == 0; i++)
		rc = add_pair(out, "        ",
		    slice_str(spec->defaults[i].name),
		    spec->defaults[i].value);
	if (rc == 0 && spec->utf8)
		rc = buf_add_str(out, "    options:\n        utf8: true\n");
	return rc;
}

static int
add_definition(struct buf *out, const struct route *route,
    const struct pattern_spec *spec)
{
	if (add_quoted(out, slice_str(route->name)) == -1 ||
	    buf_add_str(out, ":\n    channel: ") == -1 ||
	    add_quoted(out, spec->channel) == -1 ||
	    buf_add_str(out, "\n    handler: ") == -1 ||
	    add_quoted(out, slice_str(route->handler)) == -1 ||
	    buf_add_char(out, '\n') == -1)
		return -1;
	return add_parts(out, spec);
}

int
show_file(struct buf *out, const struct routes *r)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < routes_count(r) && rc == 0; i++)
		rc = add_definition(out, routes_at(r, i),
		    &routes_pattern(r, i)->spec);
	return rc;
}
