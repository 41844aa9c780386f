/*
 * print.c: a line on stdout.
 */
#include "client/tool.h"
#include "maint/maint.h"

enum exit_status
maint_print(struct slice text, struct errbuf *e)
{
	struct buf line = { 0 };
	enum exit_status status = EXIT_WORK;

	if (buf_add_slice(&line, text) == -1 ||
	    buf_add_char(&line, '\n') == -1)
		err_set(e, "out of memory");
	else
		status = tool_print_text(&line, e);
	buf_clear(&line);
	return status;
}
