/*
 * show.c: how wamp-call prints a result.
 */
#include "call/show.h"

#include <string.h>
#include <unistd.h>

#include "client/event.h"
#include "proto/json.h"
#include "proto/json_table.h"

#define SHOW_GATHER	(64u << 10)	/* bytes of output to write at once */

/* The results that are a table on a terminal by default, and their most
 * important columns: these come first, and are left out last. */
static const struct {
	const char *procedure;
	const char *order;
} tables[] = {
	{ SHOW_PROFILES, "profile server default line faults file" },
	{ "wampd.help", "procedure args access help" },
	{ "wampd.routes", "route channel handler" },
	{ "wampd.sessions", "session principal topics prefixes more "
	    "address age queued" },
	{ "wampd.stats", NULL },
	{ "wampd.topics", "topic subscribers watchers sessions more "
	    "events retained" },
};

/* ---- options ---- */

/* At most one of --table, --pretty and --compact. */
static int
check_options(const struct show_opts *o, struct errbuf *e)
{
	const char *first = o->table ? "--table" : "--pretty", *second = NULL;

	if (o->table && o->look.pretty)
		second = "--pretty";
	else if ((o->table || o->look.pretty) && o->compact)
		second = "--compact";
	else if (o->table && o->raw)
		second = "-r";
	if (second == NULL)
		return 0;
	err_set(e, "%s and %s exclude each other", first, second);
	return -1;
}

int
show_init(struct show *s, const struct show_opts *o, const struct tool *tool,
    const char *procedure, struct errbuf *e)
{
	bool asked = o->look.pretty || o->compact || o->table;
	size_t i;

	*s = (struct show){ .tool = tool, .raw = o->raw,
	    .look = look_resolve(&o->look),
	    .terminal = isatty(STDOUT_FILENO) == 1,
	    .table = o->table, .must = o->table };
	if (check_options(o, e) == -1)
		return -1;
	if (s->terminal && !o->compact)
		s->look.indent = true;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].procedure, procedure) == 0) {
			s->order = tables[i].order;
			s->table |= s->terminal && !asked && !o->raw;
		}
	if (program_args_given(&o->args) && o->program == NULL) {
		err_set(e, "--arg and --argjson need -e");
		return -1;
	}
	return programs_bind(&s->programs, &o->args, false, e) == -1 ? -1 :
	    program_compile(&s->programs, &s->program.program, "-e",
	    o->program, e);
}

void
show_clear(struct show *s)
{
	programs_clear(&s->programs);
	buf_clear(&s->out);
	buf_clear(&s->values);
}

static enum exit_status
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* ---- JSON ---- */

/* Add one value, on one line unless it is to be indented. */
static int
add_value(struct show *s, struct slice text)
{
	struct json_elem elem;
	struct json_error je;
	bool scanned = json_scan_value(text, JSON_DEPTH_MAX, &elem, &je) == 0;

	if (!scanned)
		return buf_add_slice(&s->out, text);
	if (s->raw && elem.type == JSON_STRING)
		return event_add_raw(&s->out, &elem,
		    s->terminal ? EVENT_TERMINAL : 0);
	if (s->terminal || s->look.indent || s->look.colour || elem.newline)
		return json_pretty(&s->out, elem.text, &s->look);
	return buf_add_slice(&s->out, elem.text);
}

static enum exit_status
print_value(struct show *s, struct slice text, struct errbuf *e)
{
	if (add_value(s, text) == -1 || buf_add_char(&s->out, '\n') == -1)
		return out_of_memory(e);
	return s->out.len < SHOW_GATHER ? EXIT_DONE : tool_print(&s->out, e);
}

/* ---- a table ---- */

static enum exit_status
keep_value(struct show *s, struct slice text, struct errbuf *e)
{
	if (buf_add_char(&s->values, s->n_values > 0 ? ',' : '[') == -1 ||
	    buf_add_slice(&s->values, text) == -1)
		return out_of_memory(e);
	s->n_values++;
	return EXIT_DONE;
}

/* One value is the table; several values are its rows. */
static struct slice
kept_table(const struct show *s)
{
	return s->n_values == 1 ? slice_of(s->values.data + 1,
	    s->values.len - 2) : buf_slice(&s->values);
}

static enum exit_status
print_kept(struct show *s, struct errbuf *e)
{
	struct slice rest = json_inside(buf_slice(&s->values));
	enum exit_status status = EXIT_DONE;
	struct json_elem value;

	while (status == EXIT_DONE && json_next(&rest, &value))
		status = print_value(s, value.text, e);
	return status;
}

static enum exit_status
print_table(struct show *s, struct errbuf *e)
{
	const struct json_table_look look = {
		.width = s->terminal ? look_width() : 0,
		.colour = s->look.colour,
		.order = s->order,
	};
	struct buf left_out = { 0 };
	enum exit_status status = EXIT_DONE;

	switch (json_table(&s->out, kept_table(s), &look, &left_out, e)) {
	case JSON_TABLE_OK:
		if (s->out.len == 0)
			tool_say(s->tool, "nothing to list");
		status = tool_print(&s->out, e);
		if (status == EXIT_DONE && left_out.len > 0)
			tool_say(s->tool, "the terminal is too narrow for "
			    "%.*s", (int)left_out.len, left_out.data);
		break;
	case JSON_TABLE_OTHER:
		if (s->must) {
			err_wrap(e, "--table: the result is not a table");
			status = EXIT_WORK;
		} else {
			status = print_kept(s, e);
		}
		break;
	case JSON_TABLE_MEMORY:
		status = out_of_memory(e);
		break;
	}
	buf_clear(&left_out);
	return status;
}

/* ---- the whole ---- */

static enum exit_status
take_value(struct show *s, struct slice text, struct errbuf *e)
{
	return s->table ? keep_value(s, text, e) : print_value(s, text, e);
}

/* Take the results of the program: any number of values. */
static enum exit_status
take_outputs(struct show *s, struct slice result, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	enum program_next next = PROGRAM_FAILED;
	struct program_value v;

	if (programs_add(&s->programs, &s->program, result, e) == 0)
		while (status == EXIT_DONE && (next =
		    programs_next(&s->programs, &v, e)) == PROGRAM_VALUE)
			status = take_value(s, v.text, e);
	if (status != EXIT_DONE || next == PROGRAM_END)
		return status;
	err_wrap(e, "-e");
	return EXIT_WORK;
}

/* Print what has been taken and not been printed yet. */
static enum exit_status
print_rest(struct show *s, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;

	if (s->n_values > 0) {
		if (buf_add_char(&s->values, ']') == -1)
			return out_of_memory(e);
		status = print_table(s, e);
	}
	return status == EXIT_DONE ? tool_print(&s->out, e) : status;
}

enum exit_status
show_result(struct show *s, struct slice result, struct errbuf *e)
{
	enum exit_status status, printed;
	struct errbuf why;

	status = s->program.program != 0 ? take_outputs(s, result, e) :
	    take_value(s, result, e);
	printed = print_rest(s, &why);
	if (status != EXIT_DONE || printed == EXIT_DONE)
		return status;
	*e = why;
	return printed;
}
