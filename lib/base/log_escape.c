/*
 * log_escape.c: making text harmless for lines of the log.
 */
#include "base/log_escape.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"

#define ESCAPED_MAX	13	/* bytes of one character, and a NUL */

/* The form in JSON of a character that is unsafe for terminals: \uNNNN, or \xNN
 * as text for a byte that is not UTF-8. */
static size_t
escape_json(char *line, struct slice c)
{
	if (c.len == 1 && (unsigned char)*c.p >= 0x80)
		return (size_t)snprintf(line, ESCAPED_MAX,
		    "\\\\x%02x", (unsigned char)*c.p);
	return (size_t)snprintf(line, ESCAPED_MAX, "\\u%04x",
	    (unsigned)utf8_decode(c.p, c.len));
}

static size_t
escape_text(char *line, struct slice c)
{
	size_t i, n = 0;

	for (i = 0; i < c.len; i++)
		n += (size_t)snprintf(line + n, ESCAPED_MAX - n, "\\x%02x",
		    (unsigned char)c.p[i]);
	return n;
}

size_t
log_escape(char *line, size_t at, size_t cap, const char *s, bool json)
{
	struct slice rest = slice_str(s), c;
	bool safe;

	while (rest.len > 0 && at + ESCAPED_MAX < cap) {
		c = slice_of(rest.p, printable_step(rest, &safe));
		rest = slice_of(rest.p + c.len, rest.len - c.len);
		if (json && (*c.p == '"' || *c.p == '\\'))
			line[at++] = '\\';
		if (!safe) {
			at += json ? escape_json(line + at, c) :
			    escape_text(line + at, c);
			continue;
		}
		memcpy(line + at, c.p, c.len);
		at += c.len;
	}
	return at;
}

/* Whether a character of a value needs no quotes. */
static bool
is_plain(struct slice c, bool safe)
{
	return safe && *c.p != ' ' && *c.p != '"' && *c.p != '\\' &&
	    *c.p != '=';
}

static bool
is_plain_word(struct slice s)
{
	struct slice c;
	bool safe;

	if (s.len == 0)
		return false;
	for (; s.len > 0; s = slice_of(s.p + c.len, s.len - c.len)) {
		c = slice_of(s.p, printable_step(s, &safe));
		if (!is_plain(c, safe))
			return false;
	}
	return true;
}

struct log_quoted
log_quote(struct slice s)
{
	const size_t room = sizeof(((struct log_quoted *)NULL)->s) -
	    ESCAPED_MAX - sizeof("...\"");
	struct log_quoted q;
	struct slice c;
	size_t at = 0;
	bool safe;

	if (s.len < room && is_plain_word(s)) {
		memcpy(q.s, s.p, s.len);
		q.s[s.len] = '\0';
		return q;
	}
	q.s[at++] = '"';
	for (; s.len > 0 && at < room; s = slice_of(s.p + c.len,
	    s.len - c.len)) {
		c = slice_of(s.p, printable_step(s, &safe));
		if (!safe) {
			at += escape_text(q.s + at, c);
			continue;
		}
		if (*c.p == '"' || *c.p == '\\')
			q.s[at++] = '\\';
		memcpy(q.s + at, c.p, c.len);
		at += c.len;
	}
	(void)snprintf(q.s + at, sizeof(q.s) - at, "%s\"",
	    s.len > 0 ? "..." : "");
	return q;
}
