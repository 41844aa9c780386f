/*
 * pattern_regex.c: the regular expression that a pattern's tokens make.
 */
#include "route/pattern_regex.h"

#include <string.h>

#include "route/pattern_scan.h"

static int
write_char(struct buf *out, char ch)
{
	if (ch != '\0' && strchr(".\\+*?[^]$(){}=!<>|:-#", ch) != NULL &&
	    buf_add_char(out, '\\') == -1)
		return -1;
	return buf_add_char(out, ch);
}

static int
write_quoted(struct buf *out, struct slice s)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < s.len && rc == 0; i++)
		rc = write_char(out, s.p[i]);
	return rc;
}

/* The separator that is the next static character behind a parameter, other
 * parameters left out; '\0' when it is none. */
static char
next_separator(struct slice after)
{
	struct slice name;
	size_t at = 0, start = 0;

	while (pattern_find_param(after, &at, &name) && at == start)
		start = at += name.len + 2;
	if (start == after.len || after.p[start] == '\0' ||
	    strchr(PATTERN_SEPARATORS, after.p[start]) == NULL)
		return '\0';
	return after.p[start];
}

/*
 * A parameter without requirement takes anything but '/' and the separator
 * that follows it.  Where one of the two must follow, giving back what was
 * taken cannot help: "++" spares the attempt.
 */
static int
write_default(struct buf *out, struct slice after)
{
	char separator = next_separator(after);
	struct slice name;
	size_t at = 0;
	bool adjacent = pattern_find_param(after, &at, &name) && at == 0;

	if (buf_add_str(out, "[^/") == -1)
		return -1;
	if (separator != '\0' && separator != '/' &&
	    write_char(out, separator) == -1)
		return -1;
	if (after.len == 0 || (separator != '\0' && !adjacent))
		return buf_add_str(out, "]++");
	return buf_add_str(out, "]+");
}

int
pattern_write_requirement(struct buf *out,
    const struct pattern_requirement *r)
{
	if (!r->wildcard)
		return buf_add_slice(out, pattern_strip(r->regex));
	if (buf_add_slice(out, pattern_strip_start(r->regex)) == -1)
		return -1;
	return buf_add_str(out, "|\\*");
}

/*
 * The original makes groups capture nothing by "?:" behind each '(' that is not
 * special already.  It sees neither classes nor \Q..\E, where '?' and ':' then
 * stand for themselves: "[()]" takes these, too.
 */
static int
write_without_captures(struct buf *out, struct slice s)
{
	size_t i, n;
	int rc = 0;

	for (i = 0; i < s.len && rc == 0; i += n) {
		bool group = s.p[i] == '(' && i + 2 < s.len;

		n = 1;
		if (s.p[i] == '\\' && i + 1 < s.len)
			n = 2;
		else if (group && (s.p[i + 1] == '*' || s.p[i + 1] == '?'))
			n = 3;
		rc = buf_add(out, s.p + i, n);
		if (rc == 0 && group && n == 1)
			rc = buf_add_str(out, "?:");
	}
	return rc;
}

int
pattern_write_value(struct buf *out, const struct pattern_token *t)
{
	struct buf text = { 0 };
	int rc;

	if (t->requirement == NULL)
		return write_default(out, t->after);
	if ((rc = pattern_write_requirement(&text, t->requirement)) == 0)
		rc = write_without_captures(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

static int
write_token(struct buf *out, const struct pattern_token *t)
{
	if (write_quoted(out, t->text) == -1)
		return -1;
	if (t->name.p == NULL)
		return 0;
	if (buf_add_str(out, "(?P<") == -1 ||
	    buf_add_slice(out, t->name) == -1 ||
	    buf_add_char(out, '>') == -1 ||
	    pattern_write_value(out, t) == -1)
		return -1;
	return buf_add_char(out, ')');
}

/* Optional parameters nest: "a(?:/(?P<x>..)(?:/(?P<y>..))?)?".  One that is the
 * whole start of the pattern keeps its separator. */
int
pattern_write(struct buf *out, const struct pattern *p)
{
	size_t i, open = 0;
	int rc = 0;

	for (i = 0; i < p->n_tokens && rc == 0; i++) {
		if (i >= p->optional && i > 0) {
			rc = buf_add_str(out, "(?:");
			open++;
		}
		if (rc == 0)
			rc = write_token(out, &p->tokens[i]);
		if (rc == 0 && i == 0 && p->optional == 0)
			rc = buf_add_char(out, '?');
	}
	for (; open > 0 && rc == 0; open--)
		rc = buf_add_str(out, ")?");
	return rc;
}

int
pattern_write_start(struct buf *out, const struct pattern *p, size_t n)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++)
		rc = write_token(out, &p->tokens[i]);
	return rc;
}
