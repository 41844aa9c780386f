/*
 * wamp-call.c: call a procedure, print its result.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/records.h"
#include "base/utf8.h"
#include "proto/json.h"
#include "client/hint.h"
#include "client/profiles.h"
#include "client/suggest.h"
#include "client/tool.h"
#include "call/show.h"

#define CALL_STDIN_MAX	(64u << 20)	/* bytes; a server's limit is lower */

struct call {
	struct tool tool;
	bool	    strings, json;
	bool	    profiles;	/* list them, call nothing */
	struct show_opts show_opts;
	struct show show;
	struct buf  args;	/* JSON values with commas between them */
	struct buf  input;	/* the argument from stdin */
	struct buf  details;	/* of an error, JSON */
};

/* ---- arguments ---- */

/* Read all of stdin. */
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
	*text = utf8_unmark(buf_slice(&c->input));
out:
	records_clear(&in);
	return status;
}

/* Append one argument: JSON as it is, anything else as a string.  malformed is
 * the status for bytes that are not UTF-8. */
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
	} else if (je.deep) {
		err_set(e, "argument %zu is nested too deeply: more than %d "
		    "levels (-s passes it as a string)", number,
		    JSON_DEPTH_DEFAULT - 1);
		return EXIT_WORK;
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

/* Print the error here, because its details follow on a second line. */
static enum exit_status
call_refused(struct call *c, struct client *client, const char *procedure,
    const struct client_answer *a, struct errbuf *e)
{
	client_explain(e, a->uri, a->desc);
	/* Another call invalidates the answer, so keep the details. */
	if (buf_add_slice(&c->details, a->details) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (suggest_is_no_procedure(a->desc))
		suggest_nearest(client, "call", slice_str(procedure), e);
	tool_say(&c->tool, "%s", e->msg);
	if (c->details.len > 0)
		tool_say(&c->tool, "details: %.*s", (int)c->details.len,
		    c->details.data);
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
		    show_result(&c->show, a.result, e);
	tool_leave(&c->tool, client, status);
	return status;
}

/* Print the list, even if the file has an error. */
static enum exit_status
call_profiles(struct call *c, struct errbuf *e)
{
	enum exit_status status, shown;
	struct errbuf why = { "" };
	struct buf list = { 0 };
	size_t faulty;

	status = profiles_list(&list, &faulty, e);
	shown = show_result(&c->show, buf_slice(&list), &why);
	buf_clear(&list);
	if (status == EXIT_DONE && shown != EXIT_DONE) {
		*e = why;
		status = shown;
	} else if (status == EXIT_DONE && faulty > 0) {
		err_set(e, "%zu profile%s cannot be used", faulty,
		    faulty == 1 ? "" : "s");
		status = EXIT_WORK;
	}
	return status;
}

/* ---- the command line ---- */

static int
call_check(struct call *c, const struct opt_list *operands, struct errbuf *e)
{
	if (c->profiles && operands->n > 0)
		err_set(e, "--profiles takes no PROCEDURE");
	else if (c->profiles)
		return show_init(&c->show, &c->show_opts, &c->tool,
		    SHOW_PROFILES, e);
	else if (operands->n == 0 || operands->v[0][0] == '\0')
		err_set(e, "need PROCEDURE");
	else if (!utf8_valid(slice_str(operands->v[0])))
		err_set(e, "PROCEDURE is not UTF-8");
	else if (c->strings && c->json)
		err_set(e, "-s and -J exclude each other");
	else
		return show_init(&c->show, &c->show_opts, &c->tool,
		    operands->v[0], e);
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
		SHOW_ROWS(&c.show_opts),
		{ .long_name = "profiles", .type = OPT_FLAG,
		  .at = &c.profiles,
		  .help = "list and check your profiles" },
		TARGET_ROWS(&c.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-call",
		.synopsis = "[options] PROCEDURE [ARG...]",
		.summary = "Call a procedure and print its result. wampd.help "
		    "lists procedures; - is stdin.",
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
		status = c.profiles ? call_profiles(&c, &e) :
		    call_run(&c, operands.v[0], &e);
	free(operands.v);
	show_clear(&c.show);
	program_args_clear(&c.show_opts.args);
	buf_clear(&c.args);
	buf_clear(&c.input);
	buf_clear(&c.details);
	return tool_end(&c.tool, status, &e);
}
