/*
 * opt_cursor.h: what stands at the cursor of a command line that is being
 * typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"

struct opt_cursor {
	bool		   names;	/* the names of options; else a value */
	bool		   operand;	/* which is that of an operand */
	enum opt_complete  kind;	/* of the value */
	const char *const *words;	/* with OPT_C_WORDS */
	const char	  *value;	/* what is typed of it, in the last
					 * word, the rest of which may be
					 * "--option=" */
	const char	  *route;	/* given to an option of OPT_C_ROUTE:
					 * operands may be parameters of it;
					 * NULL: none */
};

/*
 * Look at the words behind the program's name; the last one, which may be "",
 * is the one that is being typed.  Values before it are stored as opt_parse()
 * stores them; those that are wrong, and words that no option knows, are left
 * out, since who types may not have finished.  n is at least 1.
 */
void	opt_cursor(struct opt_cursor *at, const struct opt_spec *spec,
	    char **words, size_t n);
