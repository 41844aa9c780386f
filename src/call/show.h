/*
 * show.h: how wamp-call prints a result: JSON on a line, JSON for people, or a
 * table.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/look.h"
#include "client/program.h"
#include "client/tool.h"
#include "proto/json_pretty.h"

/* The options. */
struct show_opts {
	struct look_opts look;
	const char *program;	/* -e; NULL: none */
	struct program_args args;
	bool	    raw;
	bool	    compact;
	bool	    table;
};

struct show {
	const struct tool *tool;	/* borrowed */
	struct programs programs;
	struct program_run program;	/* none without -e */
	struct json_look   look;
	bool	    raw;
	bool	    terminal;	/* stdout is one */
	bool	    table;	/* print a table if the result can be one */
	bool	    must;	/* else it is an error */
	const char *order;	/* of the table's columns; NULL: as they come */
	struct buf  out;
	struct buf  values;	/* for a table: a list of all values */
	size_t	    n_values;
};

/* The rows, for wamp-call's table; o is a struct show_opts *. */
#define SHOW_ROWS(o)							\
	{ 'e', "jq", OPT_STRING, "PROGRAM", .at = &(o)->program,	\
	  .help = "print what jq makes of the result" },		\
	PROGRAM_ARG_ROWS(&(o)->args),					\
	{ 'r', "raw", OPT_FLAG, .at = &(o)->raw,			\
	  .help = "print strings without their quotes" },		\
	{ .long_name = "table", .type = OPT_FLAG,			\
	  .help = "print a list of objects as a table",			\
	  .at = &(o)->table },						\
	LOOK_ROWS(&(o)->look),						\
	{ .long_name = "compact", .type = OPT_FLAG,			\
	  .help = "print JSON on one line, on a terminal too",		\
	  .at = &(o)->compact, .rare = true }

/* The list of profiles, given instead of a procedure. */
#define SHOW_PROFILES	"--profiles"

/* Prepare to print the result of that procedure.  0, or -1 with *e filled: a
 * usage error.  Call show_clear() in any case. */
int	show_init(struct show *s, const struct show_opts *o,
	    const struct tool *tool, const char *procedure, struct errbuf *e);
void	show_clear(struct show *s);

/* Print the result.  If the program fails, its earlier results are printed. */
enum exit_status show_result(struct show *s, struct slice result,
	    struct errbuf *e);
