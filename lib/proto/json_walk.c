/*
 * json_walk.c: taking apart what the scanner has accepted.
 *
 * The input is valid JSON, so a value's kind and end can be told from few of
 * its bytes and nothing is checked twice.
 */
#include "proto/json.h"

#include <errno.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "proto/json_text.h"

#define INT_TEXT_MAX	20	/* bytes: "-9223372036854775808" */

static void
skip_space(struct slice *rest)
{
	while (rest->len > 0 && json_is_space(*rest->p))
		*rest = slice_of(rest->p + 1, rest->len - 1);
}

static bool
skip_char(struct slice *rest, char c)
{
	if (rest->len == 0 || *rest->p != c)
		return false;
	*rest = slice_of(rest->p + 1, rest->len - 1);
	return true;
}

const char *
json_string_end(const char *p, const char *end, bool *escaped)
{
	for (p++; (p = json_span(p, end)) < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			*escaped = true;
			p++;
		}
	}
	return end;
}

/* p is at the opening bracket; the place behind the closing one. */
static const char *
container_end(const char *p, const char *end)
{
	bool escaped;
	size_t depth = 0;

	do {
		switch (*p) {
		case '"':
			p = json_string_end(p, end, &escaped);
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			depth--;
			break;
		}
		p++;
	} while (depth > 0 && p < end);
	return p;
}

const char *
json_word_end(const char *p, const char *end)
{
	while (p < end && *p != ',' && *p != ']' && *p != '}' &&
	    !json_is_space(*p))
		p++;
	return p;
}

/* The value at the start of *rest, which moves behind it and the white space
 * that follows.  false when nothing but white space is left. */
static bool
next_value(struct slice *rest, struct json_elem *out)
{
	const char *p, *end;

	skip_space(rest);
	if (rest->len == 0)
		return false;
	p = rest->p;
	end = p + rest->len;
	*out = (struct json_elem){ .type = json_type_at(*p) };
	if (out->type == JSON_STRING)
		p = json_string_end(p, end, &out->escaped);
	else if (out->type == JSON_ARRAY || out->type == JSON_OBJECT)
		p = container_end(p, end);
	else
		p = json_word_end(p, end);
	out->text = slice_of(rest->p, (size_t)(p - rest->p));
	*rest = slice_of(p, (size_t)(end - p));
	skip_space(rest);
	return true;
}

struct slice
json_inside(struct slice container)
{
	return slice_of(container.p + 1, container.len - 2);
}

bool
json_next(struct slice *rest, struct json_elem *out)
{
	if (!next_value(rest, out))
		return false;
	if (skip_char(rest, ':'))	/* that was a key */
		(void)next_value(rest, out);
	(void)skip_char(rest, ',');
	return true;
}

bool
json_next_member(struct slice *rest, struct json_elem *key,
    struct json_elem *value)
{
	if (!next_value(rest, key) || !skip_char(rest, ':') ||
	    !next_value(rest, value))
		return false;
	(void)skip_char(rest, ',');
	return true;
}

/* ---- the characters of a string ---- */

/* The number in the 4 hexadecimal digits at p. */
static uint32_t
hex4(const char *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		uint32_t digit = *p <= '9' ? (uint32_t)(*p - '0') :
		    (uint32_t)((*p | 0x20) - 'a' + 10);

		v = v << 4 | digit;
		p++;
	}
	return v;
}

/* The code point of the \u escapes at *p, which moves behind them: both of a
 * surrogate pair, U+FFFD for a surrogate alone. */
static uint32_t
unescape_hex(const char **p, const char *end)
{
	uint32_t high = hex4(*p + 2), low;

	*p += 6;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || end - *p < 6 || memcmp(*p, "\\u", 2) != 0)
		return 0xfffd;
	low = hex4(*p + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return 0xfffd;
	*p += 6;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Resolve the escape at *p, which moves behind it; the number of bytes. */
static size_t
unescape(char out[4], const char **p, const char *end)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char c = (*p)[1];
	const char *known;

	if (c == 'u')
		return utf8_encode(out, unescape_hex(p, end));
	*p += 2;
	known = strchr(from, c);
	out[0] = known != NULL ? to[known - from] : c;
	return 1;
}

static bool
string_is(const struct json_elem *string, struct slice want)
{
	struct slice inside = json_inside(string->text);
	const char *p = inside.p, *end = p + inside.len;
	char c[4];
	size_t n;

	if (!string->escaped)
		return slice_eq(inside, want);
	while (p < end) {
		if (*p == '\\') {
			n = unescape(c, &p, end);
		} else {
			c[0] = *p++;
			n = 1;
		}
		if (!slice_starts(want, slice_of(c, n)))
			return false;
		want = slice_of(want.p + n, want.len - n);
	}
	return want.len == 0;
}

bool
json_member(struct slice object, const char *key, struct json_elem *out)
{
	struct slice rest, want = slice_str(key);
	struct json_elem name, value;
	bool found = false;

	if (object.len == 0 || *object.p != '{')
		return false;
	rest = json_inside(object);
	while (json_next_member(&rest, &name, &value)) {
		if (string_is(&name, want)) {
			*out = value;
			found = true;
		}
	}
	return found;
}

bool
json_member_is_true(struct slice object, const char *key)
{
	struct json_elem value;

	return json_member(object, key, &value) && value.type == JSON_TRUE;
}

int
json_unquote(struct buf *out, const struct json_elem *string)
{
	struct slice inside = json_inside(string->text);
	const char *p = inside.p, *end = p + inside.len, *plain;

	/* No escape is shorter than what it stands for. */
	if (buf_reserve(out, inside.len) == -1)
		return -1;
	while (p < end) {
		plain = p;
		if ((p = memchr(p, '\\', (size_t)(end - p))) == NULL)
			p = end;
		memcpy(out->data + out->len, plain, (size_t)(p - plain));
		out->len += (size_t)(p - plain);
		if (p < end)
			out->len += unescape(out->data + out->len, &p, end);
	}
	return 0;
}

int
json_string(struct slice *out, const struct json_elem *string,
    struct buf *scratch)
{
	if (!string->escaped) {
		*out = json_inside(string->text);
		return 0;
	}
	buf_reset(scratch);
	if (json_unquote(scratch, string) == -1)
		return -1;
	*out = buf_slice(scratch);
	return 0;
}

/* ---- what a value means ---- */

unsigned
json_depth(struct slice value)
{
	const char *p = value.p, *end = p + value.len;
	unsigned depth = 0, most = 0;
	bool escaped;

	while (p < end) {
		if (*p == '"') {
			p = json_string_end(p, end, &escaped);
			continue;
		}
		if ((*p == '[' || *p == '{') && ++depth > most)
			most = depth;
		else if (*p == ']' || *p == '}')
			depth--;
		p++;
	}
	return most;
}

bool
json_int(int64_t *out, const struct json_elem *number)
{
	char text[INT_TEXT_MAX + 1], *end;
	struct slice s = number->text;

	if (number->type != JSON_NUMBER || s.len > INT_TEXT_MAX)
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	errno = 0;
	*out = strtoll(text, &end, 10);
	return *end == '\0' && errno == 0;
}

/* Whether the number is 0, however it is written: no digit but 0 before the
 * exponent.  (1e-400, which a double cannot hold, is none.) */
static bool
number_is_zero(struct slice s)
{
	for (size_t i = 0; i < s.len && (s.p[i] | 0x20) != 'e'; i++)
		if (s.p[i] >= '1' && s.p[i] <= '9')
			return false;
	return true;
}

bool
json_truthy(const struct json_elem *value)
{
	struct json_elem first;
	struct slice inside;

	switch (value->type) {
	case JSON_NULL:
	case JSON_FALSE:
		return false;
	case JSON_TRUE:
		return true;
	case JSON_NUMBER:
		return !number_is_zero(value->text);
	case JSON_STRING:
		return value->text.len > 2 && !string_is(value, SLICE("0"));
	case JSON_ARRAY:
	case JSON_OBJECT:
		inside = json_inside(value->text);
		return json_next(&inside, &first);
	}
	return false;
}
