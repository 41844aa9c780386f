/*
 * tool_print.c: what a command-line tool writes to stdout.
 */
#include "client/tool_print.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/io.h"
#include "proto/json_shown.h"

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

enum exit_status
tool_print_text(struct buf *out, struct errbuf *e)
{
	struct buf shown = { 0 };
	enum exit_status status;

	if (isatty(STDOUT_FILENO) != 1)
		return tool_print(out, e);
	if (json_shown(&shown, buf_slice(out), true) == 0) {
		status = tool_print(&shown, e);
		buf_reset(out);
	} else {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	buf_clear(&shown);
	return status;
}
