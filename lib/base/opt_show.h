/*
 * opt_show.h: prints an option table, for people and for completion scripts.
 */
#pragma once

#include <stdbool.h>

#include "base/opt.h"

/* Print the help on stdout: all rows, or those that are not rare. */
void	opt_show_help(const struct opt_spec *spec, bool all);

/*
 * --complete, on stdout.  A line for the first operand, or for each:
 *	operand|operands<TAB>-<TAB>kind<TAB>words<TAB>what the program does
 * and one for each option:
 *	--long<TAB>-s<TAB>the value's kind<TAB>words<TAB>help
 * A missing name is only its dashes, and missing words are a dash.
 */
void	opt_show_rows(const struct opt_spec *spec);
