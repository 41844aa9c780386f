/*
 * yaml_write.c: texts as YAML that reads back to the same.
 *
 * Not libyaml's emitter: it folds long lines and leaves unquoted what PHP's
 * parser, or a newer YAML, takes for something else.
 */
#include "route/yaml_write.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define KEY_MAX		1000	/* bytes: libyaml looks for the ":" behind a
				 * longer key in vain */

static bool
is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static bool
is_plain(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!is_printable(text.p[i]))
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
			return -1;
		c = utf8_decode(text.p + i, n);
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

int
yaml_write_quoted(struct buf *out, struct slice text)
{
	return is_plain(text) ? add_single(out, text) : add_double(out, text);
}

static int
add_spaces(struct buf *out, unsigned n)
{
	return n == 0 ? 0 : buf_addf(out, "%*s", (int)n, "");
}

int
yaml_write_key(struct buf *out, unsigned indent, struct slice key)
{
	size_t start = out->len;

	if (add_spaces(out, indent) == -1 ||
	    yaml_write_quoted(out, key) == -1)
		return -1;
	if (out->len - start - indent <= KEY_MAX)
		return buf_add_char(out, ':');
	out->len = start;
	if (add_spaces(out, indent) == -1 || buf_add_str(out, "? ") == -1 ||
	    yaml_write_quoted(out, key) == -1 ||
	    buf_add_char(out, '\n') == -1 || add_spaces(out, indent) == -1)
		return -1;
	return buf_add_char(out, ':');
}

/* Whether a text can stand as it is, below its key. */
static bool
is_block(struct slice text)
{
	size_t i;

	if (text.len == 0 || text.p[0] == '\n' ||
	    memchr(text.p, '\n', text.len) == NULL)
		return false;
	for (i = 0; i < text.len; i++)
		if (!is_printable(text.p[i]) && text.p[i] != '\n')
			return false;
	return true;
}

/* "|2" and the lines; "-" says that no newline is at the end, "+" that there
 * are several.  The 2 is there for a first line that starts with spaces. */
static int
add_block(struct buf *out, unsigned indent, struct slice text)
{
	const char *p = text.p, *end = text.p + text.len, *nl;
	const char *chomp = "";
	int rc;

	if (end[-1] != '\n')
		chomp = "-";
	else if ((--end)[-1] == '\n')
		chomp = "+";
	rc = buf_addf(out, "|2%s", chomp);
	for (; rc == 0 && p <= end; p = nl + 1) {
		nl = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
		if (nl == NULL)
			nl = end;
		rc = buf_add_char(out, '\n');
		if (rc == 0 && nl > p && (add_spaces(out, indent + 2) == -1 ||
		    buf_add(out, p, (size_t)(nl - p)) == -1))
			rc = -1;
	}
	return rc;
}

int
yaml_write_text(struct buf *out, unsigned indent, struct slice text)
{
	return is_block(text) ? add_block(out, indent, text) :
	    yaml_write_quoted(out, text);
}
