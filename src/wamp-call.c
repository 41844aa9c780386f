/*
 * wamp-call.c: call a procedure, print its result.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/records.h"
#include "base/utf8.h"
#include "proto/json.h"
#include "client/event.h"
#include "client/hint.h"
#include "client/look.h"
#include "client/program.h"
#include "client/suggest.h"
#include "client/tool.h"

#define CALL_STDIN_MAX	(64u << 20)	/* bytes; a server's limit is lower */
#define CALL_GATHER	(64u << 10)	/* bytes of output in one go */

struct call {
	struct tool tool;
	bool	    strings, json, raw;
	const char *program_text;	/* -e; NULL: none */
	struct look_opts look_opts;
	struct json_look look;
	bool	    terminal;	/* stdout is one */
	struct jq_program *program;	/* owned; NULL: none */
	struct buf  args;	/* JSON values with commas between them */
	struct buf  input;	/* the argument from stdin */
	struct buf  out;
};

/* ---- arguments ---- */

/* All of stdin, once: a second "-" would find nothing. */
static enum exit_status
call_read_stdin(struct call *c, struct slice *text, struct errbuf *e)
{
	struct records in;
	enum records_next next;
	enum exit_status status = EXIT_WORK;

	records_init(&in, STDIN_FILENO, RECORDS_WHOLE, CALL_STDIN_MAX);
	while ((next = records_next(&in, text)) == RECORDS_MORE)
		if (records_read(&in, e) == -1) {
			err_wrap(e, "stdin");
			goto out;
		}
	if (next == RECORDS_TOO_LONG)
		err_set(e, "stdin: longer than %u bytes", CALL_STDIN_MAX);
	else if (buf_add_slice(&c->input, *text) == -1)
		err_set(e, "out of memory");
	else
		status = EXIT_DONE;
	*text = buf_slice(&c->input);
	/* Editors put a byte order mark there. */
	if (slice_starts(*text, SLICE("\xef\xbb\xbf")))
		*text = slice_of(text->p + 3, text->len - 3);
out:
	records_clear(&in);
	return status;
}

/* Append one argument: JSON is taken as it is, anything else is a string.
 * malformed is what bytes that are no text come to. */
static enum exit_status
call_add_arg(struct call *c, struct slice text, size_t number,
    enum exit_status malformed, struct errbuf *e)
{
	struct json_elem elem;
	struct json_error je = { 0 };
	const char *hint;
	int rc;

	if (!c->strings && json_scan_value(text, JSON_DEPTH_DEFAULT - 1,
	    &elem, &je) == 0) {
		rc = buf_add_slice(&c->args, elem.text);
	} else if (c->json) {
		hint = hint_encoding(text);
		err_set(e, "argument %zu: invalid JSON: %s at byte %zu (%s)",
		    number, je.what, je.offset + 1, hint != NULL ? hint :
		    "without -J it is a string");
		return EXIT_WORK;
	} else if (!utf8_valid(text)) {
		hint = hint_encoding(text);
		err_set(e, "argument %zu is not UTF-8%s%s", number,
		    hint != NULL ? ": " : "", hint != NULL ? hint : "");
		return malformed;
	} else {
		rc = json_quote(&c->args, text);
	}
	if (rc == 0)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

static enum exit_status
call_add_args(struct call *c, const struct opt_list *operands,
    struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	bool stdin_used = false;
	size_t i;

	for (i = 1; i < operands->n && status == EXIT_DONE; i++) {
		struct slice text = slice_str(operands->v[i]);
		enum exit_status malformed = EXIT_USAGE;

		if (i > 1 && buf_add_char(&c->args, ',') == -1) {
			err_set(e, "out of memory");
			return EXIT_WORK;
		}
		if (slice_eq(text, SLICE("-"))) {
			if (stdin_used) {
				err_set(e, "only one argument can be -");
				return EXIT_USAGE;
			}
			stdin_used = true;
			malformed = EXIT_WORK;
			status = call_read_stdin(c, &text, e);
		}
		if (status == EXIT_DONE)
			status = call_add_arg(c, text, i, malformed, e);
	}
	return status;
}

/* ---- the answer ---- */

static enum exit_status
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* One value, on a line of its own unless it shall be indented. */
static int
add_value(struct call *c, struct slice text)
{
	struct json_elem elem;
	struct json_error je;
	bool scanned = json_scan_value(text, JSON_DEPTH_MAX, &elem, &je) == 0;

	if (!scanned)
		return buf_add_slice(&c->out, text);
	if (c->raw && elem.type == JSON_STRING)
		return event_add_raw(&c->out, &elem,
		    c->terminal ? EVENT_TERMINAL : 0);
	if (c->terminal || c->look.indent || c->look.colour || elem.newline)
		return json_pretty(&c->out, elem.text, &c->look);
	return buf_add_slice(&c->out, elem.text);
}

static enum exit_status
call_print(struct call *c, struct slice text, struct errbuf *e)
{
	if (add_value(c, text) == -1 || buf_add_char(&c->out, '\n') == -1)
		return out_of_memory(e);
	return c->out.len < CALL_GATHER ? EXIT_DONE : tool_print(&c->out, e);
}

/* What the program makes of the result: any number of values. */
static enum exit_status
call_print_outputs(struct call *c, struct slice result, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	enum jq_outcome outcome = JQ_ERROR;
	struct buf room = { 0 };
	struct slice text;

	if (jq_run_start(c->program, result, e) == 0)
		while (status == EXIT_DONE && (outcome =
		    jq_run_next(c->program, e)) == JQ_OUTPUT)
			status = jq_output_text(c->program, &room, &text) ==
			    -1 ? out_of_memory(e) : call_print(c, text, e);
	if (outcome == JQ_ERROR) {
		err_wrap(e, "-e");
		status = EXIT_WORK;
	}
	jq_run_stop(c->program);
	buf_clear(&room);
	return status;
}

/* What came before a failure is printed. */
static enum exit_status
call_result(struct call *c, struct slice result, struct errbuf *e)
{
	enum exit_status status, printed;
	struct errbuf why;

	status = c->program != NULL ? call_print_outputs(c, result, e) :
	    call_print(c, result, e);
	printed = tool_print(&c->out, &why);
	if (status != EXIT_DONE || printed == EXIT_DONE)
		return status;
	*e = why;
	return printed;
}

/* Said here, since the details follow the error on a line of their own. */
static enum exit_status
call_refused(struct call *c, struct client *client, const char *procedure,
    const struct client_answer *a, struct errbuf *e)
{
	client_explain(e, a->uri, a->desc);
	/* The answer is not valid any more when another is asked for. */
	if (buf_add_slice(&c->out, a->details) == -1)
		return out_of_memory(e);
	if (suggest_is_no_procedure(a->desc))
		suggest_nearest(client, "call", slice_str(procedure), e);
	tool_say(&c->tool, "%s", e->msg);
	if (c->out.len > 0)
		tool_say(&c->tool, "details: %.*s", (int)c->out.len,
		    c->out.data);
	e->msg[0] = '\0';
	return EXIT_REFUSED;
}

static enum exit_status
call_run(struct call *c, const char *procedure, struct errbuf *e)
{
	struct client_events none = { 0 };
	struct client_answer a;
	struct client *client;
	enum exit_status status;

	if ((status = tool_open(&c->tool, &client, &none, e)) != EXIT_DONE)
		return status;
	status = client_call(client, slice_str(procedure),
	    buf_slice(&c->args), &a, e);
	if (status == EXIT_DONE)
		status = a.is_error ?
		    call_refused(c, client, procedure, &a, e) :
		    call_result(c, a.result, e);
	if (status == EXIT_LOST || status == EXIT_TIMEOUT)
		client_free(client);
	else
		tool_close(&c->tool, client);
	return status;
}

/* ---- the command line ---- */

static int
call_check(struct call *c, const struct opt_list *operands, struct errbuf *e)
{
	c->look = look_resolve(&c->look_opts);
	c->terminal = isatty(STDOUT_FILENO) == 1;
	if (operands->n == 0 || operands->v[0][0] == '\0')
		err_set(e, "need PROCEDURE");
	else if (!utf8_valid(slice_str(operands->v[0])))
		err_set(e, "PROCEDURE is not UTF-8");
	else if (c->strings && c->json)
		err_set(e, "-s and -J exclude each other");
	else
		return program_compile(&c->program, "-e", c->program_text, e);
	return -1;
}

int
main(int argc, char **argv)
{
	struct call c = { .tool = TOOL_INIT("wamp-call") };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Arguments and result" },
		{ 's', "strings", OPT_FLAG, .at = &c.strings,
		  .help = "every ARG is a string" },
		{ 'J', "json", OPT_FLAG, .at = &c.json,
		  .help = "every ARG must be JSON" },
		{ 'e', "jq", OPT_STRING, "PROGRAM", .at = &c.program_text,
		  .help = "print what jq makes of the result" },
		{ 'r', "raw", OPT_FLAG, .at = &c.raw,
		  .help = "print strings without their quotes" },
		LOOK_ROWS(&c.look_opts),
		TARGET_ROWS(&c.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-call",
		.synopsis = "[options] PROCEDURE [ARG...]",
		.summary = "Call a procedure and print its result; ARG - is "
		    "read from stdin.",
		.rows = rows,
		.operand = OPT_C_PROCEDURE,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&c.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	status = EXIT_USAGE;
	if (call_check(&c, &operands, &e) == 0)
		status = call_add_args(&c, &operands, &e);
	if (status == EXIT_DONE)
		status = call_run(&c, operands.v[0], &e);
	free(operands.v);
	jq_program_free(c.program);
	buf_clear(&c.args);
	buf_clear(&c.input);
	buf_clear(&c.out);
	return tool_end(&c.tool, status, &e);
}
