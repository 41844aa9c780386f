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

/* Anchors are stripped after the wildcard is added, as the original does. */
static int
write_requirement(struct buf *out, const struct pattern_requirement *r)
{
	struct slice s = pattern_strip_start(r->regex);

	if (!r->wildcard)
		return buf_add_slice(out, pattern_strip_end(s));
	if (buf_add_slice(out, s) == -1)
		return -1;
	return buf_add_str(out, "|\\*");
}

int
pattern_write_value(struct buf *out, const struct pattern_token *t)
{
	return t->requirement != NULL ? write_requirement(out,
	    t->requirement) : write_default(out, t->after);
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
