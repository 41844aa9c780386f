/*
 * report.c: the diagnostics of routing files, as SARIF.
 */
#include "routes/report.h"

#include <string.h>

#include "base/slice.h"
#include "base/uri.h"
#include "base/version.h"
#include "proto/json.h"

#define SCHEMA	"https://json.schemastore.org/sarif-2.1.0.json"

/* ---- where ---- */

/* A path as a URI reference (RFC 3986).  A relative one starts at the folder of
 * the run, which is that of the repository in CI. */
static int
add_uri(struct buf *out, const char *path)
{
	while (strncmp(path, "./", 2) == 0 && path[2] != '\0' &&
	    path[2] != '/')
		path += 2;
	if (*path == '/' && buf_add_str(out, "file://") == -1)
		return -1;
	return uri_encode(out, path, "/");
}

/* A diagnostic without a line gets the first line, because GitHub needs one. */
static int
add_location(struct buf *out, const struct diag *g)
{
	if (buf_add_str(out, "\"locations\":[{\"physicalLocation\":"
	    "{\"artifactLocation\":{\"uri\":\"") == -1 ||
	    add_uri(out, g->file) == -1)
		return -1;
	if (g->line == 0)
		return buf_add_str(out, "\"},\"region\":{\"startLine\":1}}}]");
	return buf_addf(out, "\"},\"region\":{\"startLine\":%u,"
	    "\"startColumn\":%u}}}]", g->line, g->column > 0 ? g->column : 1);
}

/* ---- rules ---- */

/* The number of the first one of the same rule. */
static size_t
first_of_rule(const struct diags *d, size_t i)
{
	size_t first = 0;

	while (strcmp(d->v[first].rule, d->v[i].rule) != 0)
		first++;
	return first;
}

/* The index of the rule in the list of rules. */
static size_t
rule_index(const struct diags *d, size_t i)
{
	size_t n = 0, first = first_of_rule(d, i), j;

	for (j = 0; j < first; j++)
		n += first_of_rule(d, j) == j;
	return n;
}

static int
add_rules(struct buf *out, const struct diags *d)
{
	const char *comma = "", *rule;
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (first_of_rule(d, i) != i)
			continue;
		rule = d->v[i].rule;
		if (buf_addf(out, "%s\n{\"id\":\"%s\",\"shortDescription\":"
		    "{\"text\":\"%s\"},\"fullDescription\":{\"text\":"
		    "\"The rule %s of routing files\"},\"help\":{\"text\":"
		    "\"wamp-routes(1), DIAGNOSTICS, explains %s.\"}}",
		    comma, rule, rule, rule, rule) == -1)
			return -1;
		comma = ",";
	}
	return 0;
}

/* ---- all of it ---- */

static int
add_result(struct buf *out, const struct diags *d, size_t i)
{
	const struct diag *g = &d->v[i];

	if (buf_addf(out, "%s\n{\"ruleId\":\"%s\",\"ruleIndex\":%zu,"
	    "\"level\":\"%s\",\"message\":{\"text\":", i > 0 ? "," : "",
	    g->rule, rule_index(d, i), diag_level_name(g->level)) == -1 ||
	    json_quote(out, slice_str(g->text)) == -1 ||
	    buf_add_str(out, "},") == -1 || add_location(out, g) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* Diagnostics are not failures of the tool.  Report how many were left out. */
static int
add_invocation(struct buf *out, const struct diags *d)
{
	if (buf_add_str(out, "],\n\"columnKind\":\"unicodeCodePoints\","
	    "\"invocations\":[{\"executionSuccessful\":true") == -1)
		return -1;
	if (d->dropped > 0 && buf_addf(out,
	    ",\"toolExecutionNotifications\":[{\"level\":\"warning\","
	    "\"message\":{\"text\":\"%zu more not shown\"}}]",
	    d->dropped) == -1)
		return -1;
	return buf_add_str(out, "}]}]}\n");
}

int
report_sarif(struct buf *out, const struct diags *d)
{
	size_t i;

	if (buf_add_str(out, "{\"version\":\"2.1.0\",\"$schema\":\"" SCHEMA
	    "\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"wamp-routes\","
	    "\"version\":\"" WAMP_VERSION "\",\"rules\":[") == -1 ||
	    add_rules(out, d) == -1 ||
	    buf_add_str(out, "]}},\n\"results\":[") == -1)
		return -1;
	for (i = 0; i < d->n; i++)
		if (add_result(out, d, i) == -1)
			return -1;
	return add_invocation(out, d);
}
