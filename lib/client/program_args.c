/*
 * program_args.c: --arg and --argjson: values that jq programs know by name.
 */
#include "client/program_args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "proto/json.h"

static int
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

/* ---- names ---- */

static bool
is_word_of_jq(const char *name)
{
	static const char *const words[] = { "ARGS", "ENV", "__loc__", "and",
	    "as", "catch", "def", "elif", "else", "end", "foreach", "if",
	    "import", "include", "label", "module", "or", "reduce", "then",
	    "try" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static bool
is_name(const char *name)
{
	const char *p;

	if (isdigit((unsigned char)name[0]) || name[0] == '\0')
		return false;
	for (p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return false;
	return true;
}

static bool
is_among(const struct opt_list *l, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i += 2)
		if (strcmp(l->v[i], name) == 0)
			return true;
	return false;
}

static int
check_name(const char *option, const char *name, const char *taken,
    struct errbuf *e)
{
	if (!is_name(name))
		err_set(e, "%s: \"%s\" is not the name of a variable: use "
		    "letters, digits and _", option, name);
	else if (is_word_of_jq(name) ||
	    (taken != NULL && strcmp(name, taken) == 0))
		err_set(e, "%s: $%s is already in use", option, name);
	else
		return 0;
	return -1;
}

/* ---- values ---- */

/* What stands before makes $name. */
static int
bind(struct buf *head, struct buf *named, const char *name)
{
	return buf_addf(head, " as $%s | ", name) == -1 ? -1 :
	    buf_addf(named, "%s\"%s\":$%s", named->len > 0 ? "," : "", name,
	    name);
}

static int
check_json(const char *name, const char *text, struct errbuf *e)
{
	struct json_elem elem;
	struct json_error je;

	if (json_scan_value(slice_str(text), JSON_DEPTH_DEFAULT, &elem,
	    &je) == 0)
		return 0;
	err_set(e, "--argjson %s: invalid JSON: %s at byte %zu (--arg takes "
	    "text as a string)", name, je.what, je.offset + 1);
	return -1;
}

/* Append what makes $name of each; and to *named the members of $ARGS.named.
 * 0 or -1. */
static int
bind_strings(struct buf *head, struct buf *named, const struct opt_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i += 2)
		/* A JSON string is one of jq's. */
		if (json_quote(head, slice_str(l->v[i + 1])) == -1 ||
		    bind(head, named, l->v[i]) == -1)
			return -1;
	return 0;
}

/* The same of those that come with each input. */
static int
bind_values(struct buf *head, struct buf *named, struct buf *values,
    const struct opt_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i += 2)
		if (buf_addf(head, ".args.%s", l->v[i]) == -1 ||
		    bind(head, named, l->v[i]) == -1 ||
		    buf_addf(values, "%s\"%s\":%s", i > 0 ? "," : "{",
		    l->v[i], l->v[i + 1]) == -1)
			return -1;
	return l->n > 0 ? buf_add_char(values, '}') : 0;
}

static int
check_list(const struct opt_list *l, const char *option, const char *taken,
    struct errbuf *e)
{
	size_t i;

	for (i = 0; i < l->n; i += 2) {
		if (check_name(option, l->v[i], taken, e) == -1)
			return -1;
		if (is_among(l, i, l->v[i])) {
			err_set(e, "%s: $%s is given twice", option, l->v[i]);
			return -1;
		}
	}
	return 0;
}

static int
check_all(const struct program_args *a, const char *taken, struct errbuf *e)
{
	const struct opt_list *values = &a->values;
	size_t i;

	if (check_list(&a->strings, "--arg", taken, e) == -1 ||
	    check_list(values, "--argjson", taken, e) == -1)
		return -1;
	for (i = 0; i < values->n; i += 2) {
		if (is_among(&a->strings, a->strings.n, values->v[i])) {
			err_set(e, "--argjson: $%s is given twice",
			    values->v[i]);
			return -1;
		}
		if (check_json(values->v[i], values->v[i + 1], e) == -1)
			return -1;
	}
	return 0;
}

bool
program_args_given(const struct program_args *a)
{
	return a->strings.n + a->values.n > 0;
}

int
program_args_write(const struct program_args *a, const char *taken,
    struct buf *head, struct buf *values, struct errbuf *e)
{
	struct buf named = { 0 };
	int rc = 0;

	if (!program_args_given(a))
		return 0;
	if (check_all(a, taken, e) == -1)
		return -1;
	if (bind_strings(head, &named, &a->strings) == -1 ||
	    bind_values(head, &named, values, &a->values) == -1 ||
	    buf_add_str(head, "{\"named\":{") == -1 ||
	    buf_add_slice(head, buf_slice(&named)) == -1 ||
	    buf_add_str(head, "},\"positional\":[]} as $ARGS | ") == -1)
		rc = out_of_memory(e);
	buf_clear(&named);
	return rc;
}

void
program_args_clear(struct program_args *a)
{
	free(a->strings.v);
	free(a->values.v);
	*a = (struct program_args){ 0 };
}
