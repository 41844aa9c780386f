/*
 * tool_print.h: the output of command-line tools on stdout.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

/* Write *out to stdout and empty it.  If the reader has gone, SIGPIPE ends the
 * process, as for any filter. */
enum exit_status tool_print(struct buf *out, struct errbuf *e);

/* The same for text and JSON without colours: for a terminal, characters that
 * it might obey are escaped, except tabs and line ends. */
enum exit_status tool_print_text(struct buf *out, struct errbuf *e);

/* What tool_print() does about a failed write; errno is set. */
enum exit_status tool_print_failed(struct errbuf *e);
