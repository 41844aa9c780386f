/*
 * yaml_syntax.c: where libyaml stands, and why it could not go on.
 */
#include "route/yaml_syntax.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

/* What libyaml says, and what the reader of the file can do about it. */
static const struct {
	const char *problem;
	const char *hint;
	char	    at;		/* where it stands at this; '\0': anything */
} yaml_hints[] = {
	{ "found character that cannot start any token",
	  "quote what starts with %", '%' },
	{ "did not find expected node content",
	  "quote what starts with [ and has colons, as \"[::1]:8080\"", ':' },
	{ "found character that cannot start any token",
	  "indent with spaces, not tabs; quote what starts with @ or `", '\0' },
	{ "found a tab character that violates indentation",
	  "indent with spaces, not tabs", '\0' },
	{ "found unknown escape character",
	  "write regular expressions in 'single quotes'", '\0' },
	{ "mapping values are not allowed in this context",
	  "check the indentation, and quote what contains \": \"", '\0' },
	{ "did not find expected alphabetic or numeric character",
	  "quote what starts with * or &", '\0' },
	{ "did not find expected key",
	  "check the indentation, and quote what starts with { or [", '\0' },
	{ "could not find expected ':'",
	  "write \"key: value\"", '\0' },
	{ "did not find expected ',' or '}'",
	  "close the {, or quote what starts with one", '\0' },
	{ "did not find expected ',' or ']'",
	  "close the [, or quote what starts with one", '\0' },
	{ "found unexpected end of stream",
	  "close the quote", '\0' },
};

static void
cursor_advance(struct yaml_cursor *c, struct slice text, size_t chars)
{
	while (c->chars < chars && c->bytes < text.len) {
		c->bytes++;
		while (c->bytes < text.len &&
		    ((unsigned char)text.p[c->bytes] & 0xc0) == 0x80)
			c->bytes++;
		c->chars++;
	}
}

struct yaml_place
yaml_cursor_place(struct yaml_cursor *c, struct slice text,
    const yaml_mark_t *m)
{
	if (m->line != c->line) {
		cursor_advance(c, text, m->index - m->column);
		c->line = m->line;
		c->line_start = c->bytes;
	}
	cursor_advance(c, text, m->index);
	return (struct yaml_place){ (unsigned)c->line + 1,
	    (unsigned)(c->bytes - c->line_start) + 1 };
}

/* libyaml could not decode the bytes; it names the offset only. */
static void
report_bytes(const yaml_parser_t *p, const char *file, struct slice text,
    struct diags *d)
{
	unsigned line = 1, column = 1;
	size_t i;

	for (i = 0; i < p->problem_offset && i < text.len; i++) {
		column++;
		if (text.p[i] == '\n') {
			line++;
			column = 1;
		}
	}
	diag_add(d, DIAG_ERROR, file, line, column, "yaml-encoding",
	    "not readable as text (%s): save the file as UTF-8 without "
	    "control characters", p->problem);
}

static const char *
find_hint(const char *problem, char at)
{
	size_t i;

	for (i = 0; i < sizeof(yaml_hints) / sizeof(yaml_hints[0]); i++)
		if (strcmp(problem, yaml_hints[i].problem) == 0 &&
		    (yaml_hints[i].at == '\0' || yaml_hints[i].at == at))
			return yaml_hints[i].hint;
	return "check the lines before it";
}

void
yaml_syntax_report(const yaml_parser_t *p, const char *file,
    struct slice text, struct diags *d)
{
	struct yaml_cursor from_start = { 0 };
	char begun[64] = "";
	struct yaml_place at;

	if (p->error == YAML_READER_ERROR) {
		report_bytes(p, file, text, d);
		return;
	}
	at = yaml_cursor_place(&from_start, text, &p->problem_mark);
	if (p->context != NULL && p->context_mark.line + 1 < at.line)
		(void)snprintf(begun, sizeof(begun), " (begun on line %zu)",
		    p->context_mark.line + 1);
	diag_add(d, DIAG_ERROR, file, at.line, at.column, "yaml-syntax",
	    "not valid YAML: %s%s: %s", p->problem, begun,
	    find_hint(p->problem, from_start.bytes < text.len ?
	    text.p[from_start.bytes] : '\0'));
}
