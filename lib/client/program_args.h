/*
 * program_args.h: --arg and --argjson, the variables of jq programs.
 *
 * A line of jq before each program defines the variables.  Strings are written
 * in that line.  JSON values come with each input, so that their numbers lose
 * no digits, like those of the input.
 */
#pragma once

#include <stdbool.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"

__BEGIN_DECLS

/* Zeroed: no variables.  Names and values alternate. */
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

/* Append the line to *head, without a newline.  It reads the member "args" of
 * an input, an object, which is written to *values; without values that stays
 * empty. taken is a name that is already in use; NULL: none.  0, or -1 with *e
 * filled: a usage error. */
int	program_args_write(const struct program_args *a, const char *taken,
	    struct buf *head, struct buf *values, struct errbuf *e);

void	program_args_clear(struct program_args *a);

__END_DECLS
