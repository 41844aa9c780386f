/*
 * program_args.h: --arg and --argjson: values that jq programs know by name.
 *
 * A line of jq's own language before a program makes variables of them.  Values
 * come with each input, so that their numbers are treated like its own, which
 * lose no digits; strings stand in that line.
 */
#pragma once

#include <stdbool.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"

__BEGIN_DECLS

/* Zeroed: none.  NAME and VALUE by turns. */
struct program_args {
	struct opt_list strings;	/* --arg; owned, as the next */
	struct opt_list values;		/* --argjson */
};

/* The rows, for a tool's table; a is a struct program_args *. */
#define PROGRAM_ARG_ROWS(a)						\
	{ .long_name = "arg", .type = OPT_PAIR, .arg = "NAME VALUE",	\
	  .at = &(a)->strings, .rare = true, .may_be_empty = true,	\
	  .help = "define $NAME as the string VALUE for jq" },		\
	{ .long_name = "argjson", .type = OPT_PAIR,			\
	  .arg = "NAME JSON", .at = &(a)->values, .rare = true,		\
	  .may_be_empty = true,						\
	  .help = "define $NAME as the value JSON for jq" }

bool	program_args_given(const struct program_args *a);

/* Append the line to *head, without its end; of an input with a member "args",
 * which *values becomes, an object, or stays empty when there are no values.
 * taken is a name that has a meaning already; NULL: none.  0, or -1 with *e
 * filled: a usage error. */
int	program_args_write(const struct program_args *a, const char *taken,
	    struct buf *head, struct buf *values, struct errbuf *e);

void	program_args_clear(struct program_args *a);

__END_DECLS
