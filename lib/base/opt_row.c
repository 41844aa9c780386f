/*
 * opt_row.c: what parsing and showing options both ask of their rows.
 */
#include "base/opt_row.h"

/* at is NULL: the parser acts on them by itself. */
const struct opt opt_builtin_rows[] = {
	{ .short_name = 'h', .long_name = "help", .type = OPT_FLAG,
	  .help = "show the most used options; --help: all" },
	{ .short_name = 'V', .long_name = "version", .type = OPT_FLAG,
	  .help = "show the version" },
	{ .long_name = NULL }
};

bool
opt_is_end(const struct opt *o)
{
	return o->short_name == 0 && o->long_name == NULL &&
	    o->type != OPT_HEADING;
}

bool
opt_takes_value(const struct opt *o)
{
	return o->type != OPT_FLAG && o->type != OPT_COUNT;
}
