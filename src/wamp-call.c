/*
 * wamp-call.c: call a procedure, print its result.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/records.h"
#include "base/utf8.h"
#include "proto/json.h"
#include "client/tool.h"

#define CALL_STDIN_MAX	(64u << 20)	/* bytes; a server's limit is lower */

struct call {
	struct tool tool;
	bool	    strings, json, raw;
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
out:
	records_clear(&in);
	return status;
}

/* Append one argument: JSON is taken as it is, anything else is a string. */
static enum exit_status
call_add_arg(struct call *c, struct slice text, size_t number,
    struct errbuf *e)
{
	struct json_elem elem;
	struct json_error je = { 0 };
	int rc;

	if (!c->strings && json_scan_value(text, JSON_DEPTH_DEFAULT - 1,
	    &elem, &je) == 0) {
		rc = buf_add_slice(&c->args, elem.text);
	} else if (c->json) {
		err_set(e, "argument %zu: invalid JSON: %s at byte %zu",
		    number, je.what, je.offset + 1);
		return EXIT_WORK;
	} else if (!utf8_valid(text)) {
		err_set(e, "argument %zu is not UTF-8", number);
		return EXIT_WORK;
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
			status = call_read_stdin(c, &text, e);
		}
		if (status == EXIT_DONE)
			status = call_add_arg(c, text, i, e);
	}
	return status;
}

/* ---- the answer ---- */

static enum exit_status
call_print(struct call *c, struct slice result, struct errbuf *e)
{
	struct json_elem elem;
	struct json_error je;
	int rc;

	if (c->raw && json_scan_value(result, JSON_DEPTH_DEFAULT, &elem,
	    &je) == 0 && elem.type == JSON_STRING)
		rc = json_unquote(&c->out, &elem);
	else
		rc = buf_add_slice(&c->out, result);
	if (rc == -1 || buf_add_char(&c->out, '\n') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_print(&c->out, e);
}

/* Said here, since the details follow the error on a line of their own. */
static enum exit_status
call_refused(const struct call *c, const struct client_answer *a,
    struct errbuf *e)
{
	client_explain(e, a->uri, a->desc);
	tool_say(&c->tool, "%s", e->msg);
	if (a->details.len > 0)
		tool_say(&c->tool, "details: %.*s", (int)a->details.len,
		    a->details.p);
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
		status = a.is_error ? call_refused(c, &a, e) :
		    call_print(c, a.result, e);
	if (status == EXIT_LOST || status == EXIT_TIMEOUT)
		client_free(client);
	else
		tool_close(&c->tool, client);
	return status;
}

int
main(int argc, char **argv)
{
	struct call c = { .tool = { "wamp-call", TARGET_OPTS_INIT } };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Arguments and result" },
		{ 's', "strings", OPT_FLAG, .at = &c.strings,
		  .help = "every ARG is a string" },
		{ 'J', "json", OPT_FLAG, .at = &c.json,
		  .help = "every ARG must be JSON" },
		{ 'r', "raw", OPT_FLAG, .at = &c.raw,
		  .help = "print a string without its quotes" },
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
	enum exit_status status = EXIT_USAGE;

	if (!tool_parse(&c.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	if (operands.n == 0 || operands.v[0][0] == '\0')
		err_set(&e, "need PROCEDURE");
	else if (!utf8_valid(slice_str(operands.v[0])))
		err_set(&e, "PROCEDURE is not UTF-8");
	else if (c.strings && c.json)
		err_set(&e, "-s and -J exclude each other");
	else
		status = call_add_args(&c, &operands, &e);
	if (e.msg[0] == '\0')
		status = call_run(&c, operands.v[0], &e);
	free(operands.v);
	buf_clear(&c.args);
	buf_clear(&c.input);
	buf_clear(&c.out);
	return tool_end(&c.tool, status, &e);
}
