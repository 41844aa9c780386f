/*
 * json_path.c: one value inside a JSON text, named as in jq.
 */
#include "proto/json_path.h"

#include <stdint.h>
#include <stdlib.h>

#define INDEX_DIGITS	9	/* more are left to jq */

static const char *const type_names[] = {
	[JSON_NULL] = "null", [JSON_FALSE] = "boolean",
	[JSON_TRUE] = "boolean", [JSON_NUMBER] = "number",
	[JSON_STRING] = "string", [JSON_ARRAY] = "array",
	[JSON_OBJECT] = "object",
};

void
json_path_clear(struct json_path *p)
{
	free(p->steps);
	buf_clear(&p->names);
	*p = (struct json_path){ 0 };
}

/* ---- reading ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int
add_step(struct json_path *p, struct json_step step)
{
	struct json_step *grown;

	grown = realloc(p->steps, (p->n + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	p->steps = grown;
	p->steps[p->n++] = step;
	return 0;
}

static enum json_path_verdict
add_name(struct json_path *p, struct slice name)
{
	struct json_step step = { .name = p->names.len };

	if (buf_add_slice(&p->names, name) == -1 ||
	    buf_add_char(&p->names, '\0') == -1 || add_step(p, step) == -1)
		return JSON_PATH_MEMORY;
	return JSON_PATH_OK;
}

/* The bytes at the start of *rest that are no other than these, taken. */
static struct slice
take(struct slice *rest, size_t n)
{
	struct slice taken = slice_of(rest->p, n);

	*rest = slice_of(rest->p + n, rest->len - n);
	return taken;
}

/* name, behind its dot. */
static enum json_path_verdict
read_name(struct json_path *p, struct slice *rest)
{
	size_t n = 0;

	while (n < rest->len && (is_name(rest->p[n]) ||
	    (n > 0 && is_digit(rest->p[n]))))
		n++;
	return n > 0 ? add_name(p, take(rest, n)) : JSON_PATH_OTHER;
}

/* "name"] */
static enum json_path_verdict
read_quoted(struct json_path *p, struct slice *rest)
{
	struct slice name;
	size_t n = 1;

	while (n < rest->len && rest->p[n] != '"') {
		/* Escapes and line ends are jq's business. */
		if (rest->p[n] == '\\' || (unsigned char)rest->p[n] < 0x20)
			return JSON_PATH_OTHER;
		n++;
	}
	if (rest->len < n + 2 || rest->p[n + 1] != ']')
		return JSON_PATH_OTHER;
	name = take(rest, n + 2);
	return add_name(p, slice_of(name.p + 1, n - 1));
}

/* 12] */
static enum json_path_verdict
read_index(struct json_path *p, struct slice *rest)
{
	struct json_step step = { .name = SIZE_MAX };
	size_t n = 0;

	while (n < rest->len && n < INDEX_DIGITS && is_digit(rest->p[n]))
		step.index = step.index * 10 + (size_t)(rest->p[n++] - '0');
	if (n == 0 || n == rest->len || rest->p[n] != ']')
		return JSON_PATH_OTHER;
	(void)take(rest, n + 1);
	return add_step(p, step) == 0 ? JSON_PATH_OK : JSON_PATH_MEMORY;
}

/* .name [12] ["name"], the latter two with or without a dot. */
static enum json_path_verdict
read_step(struct json_path *p, struct slice *rest)
{
	bool dot = *rest->p == '.';

	if (dot)
		(void)take(rest, 1);
	if (rest->len < 2 || *rest->p != '[')
		return dot ? read_name(p, rest) : JSON_PATH_OTHER;
	(void)take(rest, 1);
	return *rest->p == '"' ? read_quoted(p, rest) : read_index(p, rest);
}

enum json_path_verdict
json_path_read(struct json_path *p, struct slice text)
{
	enum json_path_verdict verdict = JSON_PATH_OK;

	*p = (struct json_path){ 0 };
	if (text.len == 0 || *text.p != '.')
		return JSON_PATH_OTHER;
	if (text.len == 1)
		return JSON_PATH_OK;
	while (text.len > 0 && verdict == JSON_PATH_OK)
		verdict = read_step(p, &text);
	if (verdict != JSON_PATH_OK)
		json_path_clear(p);
	return verdict;
}

/* ---- finding ---- */

static bool
element_at(struct slice array, size_t index, struct json_elem *out)
{
	struct slice rest = json_inside(array);

	while (json_next(&rest, out))
		if (index-- == 0)
			return true;
	return false;
}

/* name NULL: it is an index. */
static int
wrong_type(struct errbuf *e, enum json_type type, const char *name)
{
	if (name == NULL)
		err_set(e, "cannot index %s with a number", type_names[type]);
	else
		err_set(e, "cannot index %s with \"%s\"", type_names[type],
		    name);
	return -1;
}

/* From *at to what the step names inside of it. */
static int
find_step(const struct json_path *p, const struct json_step *step,
    struct json_elem *at, struct errbuf *e)
{
	const char *name;
	bool found;

	if (step->name == SIZE_MAX) {
		if (at->type != JSON_ARRAY)
			return wrong_type(e, at->type, NULL);
		found = element_at(at->text, step->index, at);
	} else {
		name = p->names.data + step->name;
		if (at->type != JSON_OBJECT)
			return wrong_type(e, at->type, name);
		found = json_member(at->text, name, at);
	}
	if (!found)
		*at = (struct json_elem){ SLICE("null"), JSON_NULL, false,
		    false };
	return 0;
}

int
json_path_find(const struct json_path *p, struct slice value,
    struct json_elem *out, struct errbuf *e)
{
	size_t i;

	(void)json_next(&value, out);
	for (i = 0; i < p->n && out->type != JSON_NULL; i++)
		if (find_step(p, &p->steps[i], out, e) == -1)
			return -1;
	return 0;
}
