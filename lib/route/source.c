/*
 * source.c: where definitions are read from, and the values of their keys.
 */
#include "route/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "route/pattern.h"

void
source_report(const struct source *s, enum diag_level level,
    const struct yaml_node *at, const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(s->diags, level, s->file, at->line, at->column, rule, fmt,
	    ap);
	va_end(ap);
}

const char *
source_text(const struct source *s, const struct yaml_node *n,
    const char *what)
{
	if (n->kind == YAML_SCALAR)
		return n->text.p;
	source_report(s, DIAG_ERROR, n, "not-text", "%s must be text: quote it "
	    "if it begins with { or [", what);
	return NULL;
}

/* Whether the text is a number that PHP writes with other characters. */
static bool
is_odd_number(const char *text)
{
	size_t sign = text[0] == '-', digits;
	char shown[32];
	char *end;
	double value;

	if (strchr("+-.0123456789", text[0]) == NULL)
		return false;
	digits = strspn(text + sign, "0123456789");
	if (digits > 0 && text[sign + digits] == '\0')
		return digits > 1 && text[sign] == '0';
	value = strtod(text, &end);
	if (end == text || *end != '\0')
		return false;
	(void)snprintf(shown, sizeof(shown), "%.15g", value);
	return strcmp(shown, text) != 0;
}

void
source_check_plain(const struct source *s, const struct yaml_node *n)
{
	bool flag;

	if (n->quoted || (!is_odd_number(n->text.p) &&
	    (yaml_bool(&flag, n) == -1 ||
	    strchr("tTfF", n->text.p[0]) == NULL)))
		return;
	source_report(s, DIAG_WARNING, n, "unquoted-value", "PHP's router "
	    "does not read %s as this text: quote it", n->text.p);
}

static void
report_unknown_key(const struct source *s, enum diag_level level,
    const struct yaml_node *key, const char *const *known)
{
	struct buf list = { 0 };
	const char *text;
	size_t i;

	for (i = 0; known[i] != NULL; i++)
		(void)buf_addf(&list, "%s%s", i > 0 ? ", " : "", known[i]);
	text = buf_cstr(&list);
	source_report(s, level, key, "unknown-key", "unknown key "
	    "\"%s\": write one of %s", key->text.p,
	    text != NULL ? text : known[0]);
	buf_clear(&list);
}

/* The index of the word, or that of the NULL at the list's end. */
static size_t
find_word(const char *const *words, const char *word)
{
	size_t k;

	for (k = 0; words[k] != NULL && strcmp(words[k], word) != 0; k++)
		;
	return k;
}

void
source_fields(const struct source *s, const struct yaml_node *mapping,
    const char *const *known, const struct yaml_node **fields,
    enum diag_level unknown)
{
	source_fields_inside(s, mapping, known, NULL, fields, unknown);
}

void
source_fields_inside(const struct source *s, const struct yaml_node *mapping,
    const char *const *known, const char *const *outside,
    const struct yaml_node **fields, enum diag_level unknown)
{
	const struct yaml_node *key;
	size_t i, k;

	for (i = 0; i < mapping->n; i++) {
		key = mapping->items[i];
		k = find_word(known, key->text.p);
		if (known[k] == NULL && outside != NULL &&
		    outside[find_word(outside, key->text.p)] != NULL)
			source_report(s, unknown, key, "misplaced-key",
			    "\"%s\" has no effect at this level: indent it "
			    "less",
			    key->text.p);
		else if (known[k] == NULL)
			report_unknown_key(s, unknown, key, known);
		else if (mapping->values[i]->kind != YAML_NULL)
			fields[k] = mapping->values[i];
	}
}

/*
 * YAML 1.1 takes yes and no as well, but for PHP's parser those
 * are texts, and any text is true there: the file would change its meaning.
 */
bool
source_flag(const struct source *s, const struct yaml_node *n,
    const char *what)
{
	bool value = false;

	if (yaml_bool(&value, n) == -1 || strchr("tTfF", n->text.p[0]) == NULL)
		source_report(s, DIAG_ERROR, n, "not-a-flag", "%s must be "
		    "true or false, without quotes", what);
	return value;
}

const struct yaml_node *
source_mapping(const struct source *s, const struct yaml_node *n,
    const char *what, const char *example)
{
	if (n == NULL || (n->kind == YAML_LIST && n->n == 0))
		return NULL;
	if (n->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, n, "not-a-mapping", "%s must "
		    "be a mapping: write %s", what, example);
		return NULL;
	}
	if (n->n <= PATTERN_ATTRS_MAX)
		return n;
	source_report(s, DIAG_ERROR, n, "too-many-parameters",
	    "more than %d %s", PATTERN_ATTRS_MAX, what);
	return NULL;
}

void
source_out_of_memory(const struct source *s, const struct yaml_node *at)
{
	source_report(s, DIAG_ERROR, at, "out-of-memory",
	    "not enough memory for the definition");
}
