/*
 * opt_cursor.h: what is at the cursor of a command line that is being typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"

struct opt_cursor {
	bool		   names;	/* names of options; else a value */
	bool		   operand;	/* the value is an operand */
	enum opt_complete  kind;	/* of the value */
	const char *const *words;	/* with OPT_C_WORDS */
	const char	  *value;	/* the typed part of it, in the last
					 * word, which may begin with
					 * "--option=" */
	const char	  *route;	/* the value of an option of
					 * OPT_C_ROUTE, whose parameters may be
					 * operands; NULL: none */
};

/*
 * Look at the words after the program's name.  The last one, which may be "",
 * is being typed.  Values before it are stored as opt_parse() does it.  Wrong
 * values and unknown options are ignored, because the line may not be complete.
 * n is at least 1.
 */
void	opt_cursor(struct opt_cursor *at, const struct opt_spec *spec,
	    char **words, size_t n);
