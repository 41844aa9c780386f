/*
 * json_cut.c: a stream of JSON values, cut into them as it comes.
 */
#include "proto/json_cut.h"

#include <string.h>

#include "proto/json_text.h"

enum cut_state {
	CUT_BETWEEN,	/* values, outside of all */
	CUT_VALUE,	/* a value must follow */
	CUT_FIRST,	/* a value, or the end of the array that began */
	CUT_KEY,	/* a key must follow */
	CUT_FIRST_KEY,	/* a key, or the end of the object that began */
	CUT_COLON,
	CUT_BEHIND,	/* a value of a container: a comma, or its end */
	CUT_STRING,
	CUT_SCALAR,	/* a number or word */
};

#define RS	'\x1e'

/* What a step has come to. */
enum cut_step { STEP_ON, STEP_MORE, STEP_DONE, STEP_BROKEN };

/* ---- places ---- */

static struct json_place
place_behind(struct json_place at, struct slice text)
{
	const char *p = text.p, *end = p + text.len, *newline;

	while (p < end && (newline = memchr(p, '\n', (size_t)(end - p))) !=
	    NULL) {
		at = (struct json_place){ .line = at.line + 1 };
		p = newline + 1;
	}
	for (; p < end; p++)
		at.column += ((unsigned char)*p & 0xc0) != 0x80;
	return at;
}

struct json_place
json_cut_place(const struct json_cut *c, struct slice value, size_t offset)
{
	return place_behind(c->at, slice_of(value.p, offset));
}

/* ---- the structure ---- */

static enum cut_step
value_ends(struct json_cut *c)
{
	c->state = CUT_BEHIND;
	return c->depth == 0 ? STEP_DONE : STEP_ON;
}

static enum cut_step
container_opens(struct json_cut *c, char opener)
{
	/* One level is the message's own. */
	if (c->depth == JSON_DEPTH_DEFAULT - 1)
		return STEP_BROKEN;
	c->closer[c->depth++] = opener == '[' ? ']' : '}';
	c->state = opener == '[' ? CUT_FIRST : CUT_FIRST_KEY;
	return STEP_ON;
}

/* *p closes the innermost container, if that may end here. */
static enum cut_step
container_closes(struct json_cut *c, char closer)
{
	if (c->depth == 0 || c->closer[c->depth - 1] != closer)
		return STEP_BROKEN;
	c->depth--;
	return value_ends(c);
}

/* At the first byte of a value. */
static enum cut_step
value_begins(struct json_cut *c, const char **p)
{
	switch (**p) {
	case '[':
	case '{':
		return container_opens(c, *(*p)++);
	case '"':
		c->state = CUT_STRING;
		c->key = false;
		(*p)++;
		return STEP_ON;
	case ',': case ':': case ']': case '}':
		return STEP_BROKEN;
	default:
		c->state = CUT_SCALAR;
		return STEP_ON;
	}
}

static enum cut_step
key_begins(struct json_cut *c, const char **p)
{
	if (**p != '"')
		return STEP_BROKEN;
	c->state = CUT_STRING;
	c->key = true;
	(*p)++;
	return STEP_ON;
}

/* Behind a value inside of a container. */
static enum cut_step
value_follows(struct json_cut *c, const char **p)
{
	enum cut_step did;

	if (**p == ',') {
		(*p)++;
		c->state = c->closer[c->depth - 1] == ']' ? CUT_VALUE :
		    CUT_KEY;
		return STEP_ON;
	}
	if ((did = container_closes(c, **p)) != STEP_BROKEN)
		(*p)++;
	return did;
}

/* In a string, to its end. */
static enum cut_step
step_string(struct json_cut *c, const char **p, const char *end)
{
	while ((*p = json_span(*p, end)) < end) {
		if (**p == '"') {
			(*p)++;
			if (!c->key)
				return value_ends(c);
			c->state = CUT_COLON;
			return STEP_ON;
		}
		if ((unsigned char)**p < 0x20)
			return STEP_BROKEN;
		if (**p == '\\') {
			if (end - *p < 2)
				return STEP_MORE;
			/* Not over what a string must not have. */
			*p += (unsigned char)(*p)[1] < 0x20 ? 1 : 2;
		} else {
			(*p)++;
		}
	}
	return STEP_MORE;
}

static bool
is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

/* In a number or word, to what is none of it. */
static enum cut_step
step_scalar(struct json_cut *c, const char **p, const char *end)
{
	while (*p < end && is_scalar(**p))
		(*p)++;
	if (*p == end)
		return STEP_MORE;
	if (!json_is_space(**p) && **p != RS &&
	    (**p == '\0' || strchr("[]{},:\"", **p) == NULL))
		return STEP_BROKEN;
	return value_ends(c);
}

/* At a byte that is no white space and in no string, number or word. */
static enum cut_step
step_mark(struct json_cut *c, const char **p)
{
	switch ((enum cut_state)c->state) {
	case CUT_FIRST:
		if (**p != ']')
			return value_begins(c, p);
		(*p)++;
		return container_closes(c, ']');
	case CUT_KEY:
		return key_begins(c, p);
	case CUT_FIRST_KEY:
		if (**p != '}')
			return key_begins(c, p);
		(*p)++;
		return container_closes(c, '}');
	case CUT_COLON:
		if (**p != ':')
			return STEP_BROKEN;
		(*p)++;
		c->state = CUT_VALUE;
		return STEP_ON;
	case CUT_BEHIND:
		return value_follows(c, p);
	case CUT_BETWEEN:
	case CUT_VALUE:
	case CUT_STRING:
	case CUT_SCALAR:
	default:
		return value_begins(c, p);
	}
}

static enum cut_step
step(struct json_cut *c, const char **p, const char *end)
{
	if (c->state == CUT_STRING)
		return step_string(c, p, end);
	if (c->state == CUT_SCALAR)
		return step_scalar(c, p, end);
	while (*p < end && json_is_space(**p))
		(*p)++;
	return *p < end ? step_mark(c, p) : STEP_MORE;
}

/* ---- the stream ---- */

/* How many bytes at the start are no value's, or SIZE_MAX when that cannot be
 * told yet. */
static size_t
skip_between(struct json_cut *c, struct slice text, bool end)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = 0, len = sizeof(mark) - 1;

	if (!c->begun && text.len < len && !end &&
	    (text.len == 0 || memcmp(text.p, mark, text.len) == 0))
		return SIZE_MAX;
	if (!c->begun && slice_starts(text, slice_str(mark))) {
		n = len;
		c->here.column--;	/* it takes none */
	}
	c->begun = true;
	while (n < text.len && (json_is_space(text.p[n]) || text.p[n] == RS))
		n++;
	return n;
}

/* The value ends at p. */
static enum json_cut_next
cut_off(struct json_cut *c, struct slice text, const char *p,
    struct slice *value, size_t *used)
{
	*value = slice_of(text.p + c->start, (size_t)(p - text.p) - c->start);
	*used = (size_t)(p - text.p);
	c->at = place_behind(c->here, slice_of(text.p, c->start));
	c->here = place_behind(c->at, *value);
	c->state = CUT_BETWEEN;
	c->depth = 0;
	c->seen = c->start = 0;
	return JSON_CUT_VALUE;
}

enum json_cut_next
json_cut(struct json_cut *c, struct slice text, bool end,
    struct slice *value, size_t *used)
{
	const char *p, *stop;
	enum cut_step did = STEP_ON;
	size_t n;

	*used = 0;
	if (c->state == CUT_BETWEEN) {
		if ((n = skip_between(c, text, end)) == SIZE_MAX)
			return JSON_CUT_MORE;
		if (n == text.len) {
			c->here = place_behind(c->here, text);
			*used = n;
			return end ? JSON_CUT_END : JSON_CUT_MORE;
		}
		c->start = c->seen = n;
		c->state = CUT_VALUE;
	}
	p = text.p + c->seen;
	stop = text.p + text.len;
	while (did == STEP_ON)
		did = step(c, &p, stop);
	c->broken = did == STEP_BROKEN;
	if (c->broken)
		p++;
	c->seen = (size_t)(p - text.p);
	if (did != STEP_MORE)
		return cut_off(c, text, p, value, used);
	return end ? cut_off(c, text, stop, value, used) : JSON_CUT_MORE;
}
