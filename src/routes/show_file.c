/*
 * show_file.c: a routing file with the same routes, in one normal form.
 *
 * Names and values are always quoted.  Inline and imported requirements and
 * defaults are written below the channel.  Empty parts are left out.
 */
#include "route/pattern.h"
#include "route/yaml_write.h"
#include "routes/show.h"

/* "        'key': 'value'" */
static int
add_pair(struct buf *out, struct slice key, struct slice value)
{
	if (yaml_write_key(out, 8, key) == -1 ||
	    buf_add_char(out, ' ') == -1 ||
	    yaml_write_quoted(out, value) == -1)
		return -1;
	return buf_add_char(out, '\n');
}

/* 'name': 'regex', or a mapping with a wildcard or in version 0.3. */
static int
add_requirement(struct buf *out, const struct pattern_spec *spec,
    const struct pattern_requirement *r)
{
	if (!spec->legacy && !r->wildcard)
		return add_pair(out, slice_str(r->name), r->regex);
	if (yaml_write_key(out, 8, slice_str(r->name)) == -1 ||
	    buf_add_str(out, " {") == -1)
		return -1;
	if (r->regex.p != NULL && (buf_add_str(out, " pattern: ") == -1 ||
	    yaml_write_quoted(out, r->regex) == -1))
		return -1;
	if (r->wildcard && buf_addf(out, "%s wildcard: true",
	    r->regex.p != NULL ? "," : "") == -1)
		return -1;
	return buf_add_str(out, " }\n");
}

static int
add_parts(struct buf *out, const struct pattern_spec *spec)
{
	size_t i;
	int rc = 0;

	if (spec->n_requirements > 0)
		rc = buf_add_str(out, "    requirements:\n");
	for (i = 0; i < spec->n_requirements && rc == 0; i++)
		rc = add_requirement(out, spec, &spec->requirements[i]);
	if (rc == 0 && spec->n_defaults > 0)
		rc = buf_add_str(out, "    defaults:\n");
	for (i = 0; i < spec->n_defaults && rc == 0; i++)
		rc = add_pair(out, slice_str(spec->defaults[i].name),
		    spec->defaults[i].value);
	if (rc == 0 && spec->utf8)
		rc = buf_add_str(out, "    options:\n        utf8: true\n");
	return rc;
}

static int
add_definition(struct buf *out, const struct route *route,
    const struct pattern_spec *spec)
{
	if (yaml_write_key(out, 0, slice_str(route->name)) == -1 ||
	    buf_add_str(out, "\n    channel: ") == -1 ||
	    yaml_write_quoted(out, spec->channel) == -1 ||
	    buf_add_str(out, "\n    handler: ") == -1 ||
	    yaml_write_quoted(out, slice_str(route->handler)) == -1 ||
	    buf_add_char(out, '\n') == -1)
		return -1;
	return add_parts(out, spec);
}

int
show_file(struct buf *out, const struct routes *r)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < routes_count(r) && rc == 0; i++)
		rc = add_definition(out, routes_at(r, i),
		    &routes_pattern(r, i)->spec);
	return rc;
}
