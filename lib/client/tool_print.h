/*
 * tool_print.h: what a command-line tool writes to stdout.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

/* Write *out to stdout and empty it.  A reader that has gone ends the process
 * by SIGPIPE, as it does any filter. */
enum exit_status tool_print(struct buf *out, struct errbuf *e);

/* The same for text and JSON without colours: a terminal gets nothing that it
 * might obey, but for tabs and line ends. */
enum exit_status tool_print_text(struct buf *out, struct errbuf *e);

/* What tool_print() does about a failed write; errno is set. */
enum exit_status tool_print_failed(struct errbuf *e);
