/*
 * show.c: routes as wamp-routes prints them.
 */
#include "routes/show.h"

#include "proto/json.h"
#include "route/explain.h"
#include "route/pattern.h"

static int
add_str(struct sheet *s, const char *text)
{
	return sheet_add(s, slice_str(text));
}

/* Print and free the sheet, if it was filled. */
static int
sheet_end(struct buf *out, struct sheet *s, int rc, enum sheet_format format)
{
	if (rc == 0)
		rc = sheet_print(out, s, format);
	sheet_clear(s);
	return rc;
}

/* ---- diagnostics ---- */

int
show_diags(struct buf *out, const struct diags *d, enum sheet_format format)
{
	static const struct sheet_column columns[] = {
		{ "file", SHEET_STRING }, { "line", SHEET_NUMBER },
		{ "column", SHEET_NUMBER }, { "level", SHEET_STRING },
		{ "rule", SHEET_STRING }, { "text", SHEET_STRING },
	};
	struct sheet s = { .columns = columns, .n_columns = 6 };
	const struct diag *g;
	int rc = 0;

	for (g = d->v; g < d->v + d->n && rc == 0; g++)
		if (add_str(&s, g->file) == -1 ||
		    sheet_add_number(&s, g->line) == -1 ||
		    sheet_add_number(&s, g->column) == -1 ||
		    add_str(&s, diag_level_name(g->level)) == -1 ||
		    add_str(&s, g->rule) == -1 || add_str(&s, g->text) == -1)
			rc = -1;
	return sheet_end(out, &s, rc, format);
}

/* ---- the list ---- */

/* "name":"value", with a comma before all but the first. */
static int
add_member(struct buf *out, const char *name, struct slice value)
{
	if ((out->len > 1 && buf_add_char(out, ',') == -1) ||
	    json_quote(out, slice_str(name)) == -1 ||
	    buf_add_char(out, ':') == -1)
		return -1;
	return json_quote(out, value);
}

/* The requirements in force, including the wildcard. */
static int
add_requirements(struct sheet *s, const struct pattern_spec *spec)
{
	struct buf text = { 0 }, regex = { 0 };
	const struct pattern_requirement *r = spec->requirements;
	size_t i;
	int rc = buf_add_char(&text, '{');

	for (i = 0; i < spec->n_requirements && rc == 0; i++, r++) {
		buf_reset(&regex);
		rc = buf_add_slice(&regex, r->regex);
		if (rc == 0 && r->wildcard)
			rc = buf_add_str(&regex, "|\\*");
		if (rc == 0)
			rc = add_member(&text, r->name, buf_slice(&regex));
	}
	buf_clear(&regex);
	if (rc == 0 && (rc = buf_add_char(&text, '}')) == 0)
		rc = sheet_add(s, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

static int
add_defaults(struct sheet *s, const struct pattern_spec *spec)
{
	struct buf text = { 0 };
	size_t i;
	int rc = buf_add_char(&text, '{');

	for (i = 0; i < spec->n_defaults && rc == 0; i++)
		rc = add_member(&text, spec->defaults[i].name,
		    spec->defaults[i].value);
	if (rc == 0 && (rc = buf_add_char(&text, '}')) == 0)
		rc = sheet_add(s, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

/* A string, or null. */
static int
add_json_string(struct sheet *s, const char *value)
{
	struct buf text = { 0 };
	int rc = value != NULL ? json_quote(&text, slice_str(value)) :
	    buf_add_str(&text, "null");

	if (rc == 0)
		rc = sheet_add(s, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

static int
add_route(struct sheet *s, const struct routes *r, size_t i)
{
	const struct route *route = routes_at(r, i);
	const struct pattern_spec *spec = &routes_pattern(r, i)->spec;

	if (add_str(s, route->name) == -1 ||
	    add_str(s, route->channel) == -1 ||
	    add_str(s, route->handler) == -1 ||
	    add_json_string(s, route->file) == -1 ||
	    sheet_add_number(s, route->line) == -1)
		return -1;
	if (add_requirements(s, spec) == -1 || add_defaults(s, spec) == -1)
		return -1;
	return add_json_string(s, routes_pattern(r, i)->regex);
}

int
show_list(struct buf *out, const struct routes *r, enum sheet_format format)
{
	static const struct sheet_column columns[] = {
		{ "name", SHEET_STRING }, { "pattern", SHEET_STRING },
		{ "handler", SHEET_STRING }, { "file", SHEET_JSON_ONLY },
		{ "line", SHEET_JSON_ONLY },
		{ "requirements", SHEET_JSON_ONLY },
		{ "defaults", SHEET_JSON_ONLY }, { "regex", SHEET_JSON_ONLY },
	};
	struct sheet s = { .columns = columns, .n_columns = 8 };
	size_t i;
	int rc = 0;

	for (i = 0; i < routes_count(r) && rc == 0; i++)
		rc = add_route(&s, r, i);
	return sheet_end(out, &s, rc, format);
}

/* ---- a match ---- */

static int
add_row(struct sheet *s, const char *what, const char *name,
    struct slice value)
{
	if (add_str(s, what) == -1 || add_str(s, name) == -1)
		return -1;
	return sheet_add(s, value);
}

static int
add_found(struct sheet *s, const struct route *found,
    const struct route_attrs *attrs)
{
	size_t i;
	int rc = 0;

	if (add_row(s, "route", found->name, slice_str(found->channel)) == -1 ||
	    add_row(s, "handler", found->handler, SLICE("")) == -1)
		return -1;
	for (i = 0; i < attrs->n && rc == 0; i++)
		rc = add_row(s, "attribute", attrs->v[i].name,
		    attrs->v[i].value);
	return rc;
}

static int
add_passed(struct sheet *s, const struct routes *r, size_t index,
    struct slice topic)
{
	struct buf why = { 0 };
	int rc = explain_mismatch(&why, r, index, topic);

	if (rc == 0)
		rc = add_row(s, "passed", routes_at(r, index)->name,
		    buf_slice(&why));
	buf_clear(&why);
	return rc;
}

/* Routes whose topics begin differently get no row. */
int
show_match(struct buf *out, const struct routes *r, struct slice topic,
    enum sheet_format format)
{
	static const struct sheet_column columns[] = {
		{ "what", SHEET_STRING }, { "name", SHEET_STRING },
		{ "value", SHEET_STRING },
	};
	struct sheet s = { .columns = columns, .n_columns = 3 };
	struct route_attrs attrs;
	const struct route *found = routes_match(r, topic, &attrs);
	size_t i, n = found != NULL ? found->index : routes_count(r);
	int rc = found != NULL ? add_found(&s, found, &attrs) : 0;

	for (i = 0; i < n && rc == 0; i++)
		if (explain_starts(r, i, topic))
			rc = add_passed(&s, r, i, topic);
	return sheet_end(out, &s, rc, format);
}
