/*
 * wamp-routes.c: check, list, match and generate from routing files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "client/tool.h"
#include "client/wildcard.h"
#include "route/generate.h"
#include "route/lint.h"
#include "route/schema.h"
#include "routes/report.h"
#include "routes/settings.h"
#include "routes/sheet.h"
#include "routes/show.h"

/* After the formats of sheets, in their order: the formats for CI. */
enum format { FORMAT_SARIF = SHEET_MD + 1, FORMAT_JUNIT };

static const char *const format_names[] = { "text", "json", "tsv", "md",
    "sarif", "junit", NULL };

struct command {
	struct tool	tool;
	const char     *match, *generate;	/* NULL: not asked for */
	bool		list, print;
	bool		legacy, strict;
	bool		schema;
	int		format;		/* of sheet_format or format */
	const char     *config;		/* NULL: not given */
	struct opt_list	services;	/* owned array, as files */
	struct opt_list	files;
	struct route_params params;	/* of -g */
	struct settings settings;
	struct routes  *routes;		/* owned */
	struct diags	diags;
	struct buf	out;
};

/* ---- the command line ---- */

/* With -g, name=value is a parameter; a file of such a name is ./name=value. */
static enum exit_status
take_operands(struct command *c, const struct opt_list *operands,
    struct errbuf *e)
{
	struct route_param param;
	size_t i;

	for (i = 0; i < operands->n; i++) {
		if (c->generate != NULL &&
		    route_param_split(&param, operands->v[i])) {
			if (route_params_add(&c->params, &param, e) == -1)
				return EXIT_USAGE;
		} else if (settings_add_files(&c->settings, &c->files, NULL,
		    operands->v[i], e) == -1) {
			return EXIT_WORK;
		}
	}
	return EXIT_DONE;
}

static enum exit_status
check_usage(const struct command *c, struct errbuf *e)
{
	if ((c->match != NULL) + (c->generate != NULL) + c->list + c->print >
	    1)
		err_set(e, "-g, -l, -m and -p exclude each other");
	else if (c->strict && (c->match != NULL || c->generate != NULL ||
	    c->list || c->print))
		err_set(e, "-W is for checking only");
	else if (c->format != SHEET_TEXT && (c->print || c->generate != NULL))
		err_set(e, "-f cannot be combined with -%c",
		    c->print ? 'p' : 'g');
	else if (c->format >= FORMAT_SARIF && (c->list || c->match != NULL))
		err_set(e, "-f %s is for checking only",
		    format_names[c->format]);
	else if (c->schema && (c->files.n > 0 || c->config != NULL))
		err_set(e, "--schema takes no files");
	else if (c->files.n == 0 && c->config == NULL && !c->schema)
		err_set(e, "need FILE, or --config");
	else
		return EXIT_DONE;
	return EXIT_USAGE;
}

/* ---- the work ---- */

static enum exit_status
print_schema(struct command *c, struct errbuf *e)
{
	if (schema_routes(&c->out) == 0)
		return tool_print(&c->out, e);
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* Files on the command line replace those of the configuration. */
static const struct opt_list *
choose_files(const struct command *c)
{
	return c->files.n > 0 ? &c->files : &c->settings.routes;
}

/* The order of diagnostics: the configuration, files as they were given, then
 * those that they import. */
static void
sort_diags(struct command *c)
{
	const struct opt_list *given = choose_files(c);
	struct opt_list files = { 0 };
	const char *file, *last = "";
	size_t i;
	int rc = c->config != NULL ? opt_list_add(&files, c->config) : 0;

	for (i = 0; i < given->n && rc == 0; i++)
		rc = opt_list_add(&files, given->v[i]);
	for (i = 0; i < routes_count(c->routes) && rc == 0; i++) {
		file = routes_at(c->routes, i)->file;
		if (strcmp(file, last) != 0)
			rc = opt_list_add(&files, file);
		last = file;
	}
	diags_sort_files(&c->diags, 0, files.v, files.n);
	free(files.v);
}

static int
report(struct command *c)
{
	const struct opt_list *files = choose_files(c);

	if (c->format == FORMAT_SARIF)
		return report_sarif(&c->out, &c->diags);
	if (c->format == FORMAT_JUNIT)
		return report_junit(&c->out, &c->diags, files->v, files->n,
		    c->strict);
	return show_diags(&c->out, &c->diags, (enum sheet_format)c->format);
}

/* Check the files: the diagnostics are the output. */
static enum exit_status
check(struct command *c, struct errbuf *e)
{
	if (c->routes != NULL) {
		routes_lint(c->routes, &c->diags);
		if (c->settings.handlers != NULL)
			routes_lint_handlers(c->routes, c->settings.handlers,
			    &c->diags);
		sort_diags(c);
	}
	if (c->format == SHEET_TEXT) {
		diag_print(&c->diags, stdout);
		if (fflush(stdout) == EOF)
			return tool_print_failed(e);
	} else if (report(c) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return c->diags.errors > 0 || (c->strict && c->diags.n > 0) ?
	    EXIT_WORK : EXIT_DONE;
}

static enum exit_status
generate(struct command *c, struct errbuf *e)
{
	struct errbuf doubt;

	if (routes_generate(&c->out, c->routes, c->generate, &c->params, e) ==
	    -1)
		return EXIT_WORK;
	if (routes_generate_doubt(c->routes, c->generate, &c->params,
	    buf_slice(&c->out), &doubt))
		tool_say(&c->tool, "%s", doubt.msg);
	if (buf_add_char(&c->out, '\n') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

/* Add the channel that was probably meant. */
static void
suggest_channel(const struct command *c, struct errbuf *e)
{
	struct nearest near;
	struct slice stem;
	size_t i;

	nearest_init(&near, c->match, strlen(c->match));
	for (i = 0; i < routes_count(c->routes); i++)
		nearest_try_channel(&near, routes_at(c->routes, i)->channel);
	/* Score 0: only a requirement does not match, as printed above. */
	if (near.score > 0)
		err_suggest(e, near.found);
	if (wildcard_find(slice_str(c->match), &stem))
		tool_say(&c->tool, "%s is one topic, not a pattern: -m takes "
		    "no patterns", c->match);
}

static enum exit_status
show(struct command *c, struct errbuf *e)
{
	enum sheet_format format = (enum sheet_format)c->format;
	int rc;

	if (c->match != NULL)
		rc = show_match(&c->out, c->routes, slice_str(c->match),
		    format);
	else if (c->list)
		rc = show_list(&c->out, c->routes, format);
	else
		rc = show_file(&c->out, c->routes);
	if (rc == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (c->match == NULL || routes_match(c->routes, slice_str(c->match),
	    NULL) != NULL)
		return EXIT_DONE;
	err_set(e, "no route matches %s", c->match);
	suggest_channel(c, e);
	return EXIT_WORK;
}

static void
load(struct command *c)
{
	const struct opt_list *files;
	unsigned how = ROUTES_PARTIAL;

	if (c->config != NULL || c->services.n > 0)
		settings_read(&c->settings, c->config, &c->services,
		    &c->diags);
	if (c->legacy || c->settings.legacy)
		how |= ROUTES_LEGACY;
	files = choose_files(c);
	c->routes = routes_load(files->v, files->n, how, &c->diags);
}

static enum exit_status
run(struct command *c, struct errbuf *e)
{
	enum exit_status status, printed;

	load(c);
	if (c->match == NULL && c->generate == NULL && !c->list && !c->print) {
		status = check(c, e);
	} else if (c->diags.errors > 0) {
		if (!c->tool.where.quiet)
			diag_print(&c->diags, stderr);
		return EXIT_WORK;
	} else {
		status = c->generate != NULL ? generate(c, e) : show(c, e);
	}
	/* After an error, only -m has something to print. */
	if (e->msg[0] != '\0' && c->match == NULL)
		return status;
	printed = tool_print_text(&c->out, e);
	return printed != EXIT_DONE ? printed : status;
}

static void
command_clear(struct command *c)
{
	free(c->files.v);
	free(c->services.v);
	settings_clear(&c->settings);
	routes_free(c->routes);
	diag_clear(&c->diags);
	buf_clear(&c->out);
}

int
main(int argc, char **argv)
{
	struct command c = { .tool = TOOL_INIT("wamp-routes") };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Instead of checking" },
		{ 'l', "list", OPT_FLAG, .at = &c.list,
		  .help = "list the routes" },
		{ 'm', "match", OPT_STRING, "TOPIC", .at = &c.match,
		  .help = "show which route matches, and why not others",
		  .complete = OPT_C_TOPIC, .may_be_empty = true },
		{ 'g', "generate", OPT_STRING, "ROUTE", .at = &c.generate,
		  .help = "print the route's topic with the parameters" },
		{ 'p', "print", OPT_FLAG, .at = &c.print,
		  .help = "print one routing file with the same routes" },
		{ .long_name = "schema", .type = OPT_FLAG, .rare = true,
		  .at = &c.schema,
		  .help = "print the JSON schema of routing files" },
		{ .type = OPT_HEADING, .help = "Input" },
		{ 'c', "config", OPT_STRING, "FILE", .at = &c.config,
		  .help = "wampd.yml: its routing files and handlers",
		  .complete = OPT_C_FILE },
		{ .long_name = "services", .type = OPT_LIST, .arg = "FILE",
		  .at = &c.services,
		  .help = "a service file that declares handlers",
		  .complete = OPT_C_FILE },
		{ .long_name = "legacy", .type = OPT_FLAG, .at = &c.legacy,
		  .help = "the files have the grammar of version 0.3" },
		{ .type = OPT_HEADING, .help = "Output" },
		{ 'f', "format", OPT_CHOICE, "FORMAT", .at = &c.format,
		  .choices = format_names,
		  .help = "text (default), json, tsv, md, sarif or junit" },
		{ 'W', "strict", OPT_FLAG, .at = &c.strict,
		  .help = "warnings count as errors" },
		{ 'q', "quiet", OPT_FLAG, .at = &c.tool.where.quiet,
		  .help = "print nothing on stderr" },
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-routes",
		.synopsis = "[options] [FILE...] [PARAMETER=VALUE...]",
		.summary = "Check routing files, or ask what they say.",
		.rows = rows,
		.operand = OPT_C_FILE,
		.each = true,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&c.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	if ((status = take_operands(&c, &operands, &e)) == EXIT_DONE)
		status = check_usage(&c, &e);
	if (status == EXIT_DONE)
		status = c.schema ? print_schema(&c, &e) : run(&c, &e);
	free(operands.v);
	command_clear(&c);
	return tool_end(&c.tool, status, &e);
}
