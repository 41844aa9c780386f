/*
 * tool.c: what every command-line tool does at its edges.
 */
#include "client/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "client/say.h"
#include "proto/json.h"

bool
tool_parse(const struct tool *t, const struct opt_spec *spec, int argc,
    char **argv, struct opt_list *operands, enum exit_status *status)
{
	struct errbuf e = { "" };

	switch (opt_parse(spec, argc, argv, operands, &e)) {
	case OPT_RUN:
		return true;
	case OPT_DONE:
		*status = EXIT_DONE;
		if (fflush(stdout) == EOF)
			*status = tool_print_failed(&e);
		break;
	case OPT_USAGE:
		*status = EXIT_USAGE;
		break;
	}
	(void)tool_end(t, *status, &e);
	free(operands->v);
	*operands = (struct opt_list){ 0 };
	return false;
}

enum exit_status
tool_open(const struct tool *t, struct client **c,
    const struct client_events *ev, struct errbuf *e)
{
	struct client_target target;
	enum exit_status status;

	*c = NULL;
	if (target_resolve(&target, &t->where, e) == -1)
		return EXIT_USAGE;
	status = client_open(c, &target, ev, e);
	if (status == EXIT_DONE && t->where.verbose)
		tool_say(t, "connected to %s as session %s",
		    client_ident(*c), client_session(*c));
	return status;
}

void
tool_close(const struct tool *t, struct client *c)
{
	struct errbuf e;

	if (client_close(c, &e) != EXIT_DONE && t->where.verbose)
		tool_say(t, "closing: %s", e.msg);
}

void
tool_say(const struct tool *t, const char *fmt, ...)
{
	struct buf head = { 0 }, text = { 0 };
	va_list ap;

	if (t->where.quiet)
		return;
	va_start(ap, fmt);
	if (buf_addf(&head, "%s: ", t->name) == 0 &&
	    buf_cstr(&head) != NULL && buf_vaddf(&text, fmt, ap) == 0)
		say_line(head.data, buf_slice(&text));
	va_end(ap);
	buf_clear(&head);
	buf_clear(&text);
}

int
tool_end(const struct tool *t, enum exit_status status,
    const struct errbuf *e)
{
	if (status != EXIT_DONE && e->msg[0] != '\0')
		tool_say(t, "%s", e->msg);
	return (int)status;
}

enum exit_status
tool_quote(struct buf *out, const char *s, const char *what,
    struct errbuf *e)
{
	if (!utf8_valid(slice_str(s))) {
		err_set(e, "%s is not UTF-8", what);
		return EXIT_USAGE;
	}
	if (json_quote(out, slice_str(s)) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

enum exit_status
tool_print_failed(struct errbuf *e)
{
	if (errno == EPIPE) {
		(void)signal(SIGPIPE, SIG_DFL);
		(void)raise(SIGPIPE);
	}
	err_set_errno(e, "cannot write to stdout");
	return EXIT_WORK;
}

enum exit_status
tool_print(struct buf *out, struct errbuf *e)
{
	if (io_write_all(STDOUT_FILENO, out->data, out->len) == -1)
		return tool_print_failed(e);
	buf_reset(out);
	return EXIT_DONE;
}
