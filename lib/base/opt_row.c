/*
 * opt_row.c: functions on rows for parsing and for showing options.
 */
#include "base/opt_row.h"

#include <string.h>

/* at is NULL: the parser handles them itself. */
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

static const struct opt *
find_short(const struct opt *rows, char c)
{
	for (; !opt_is_end(rows); rows++)
		if (rows->type != OPT_HEADING && rows->short_name == c)
			return rows;
	return NULL;
}

static const struct opt *
find_long(const struct opt *rows, const char *name, size_t len)
{
	for (; !opt_is_end(rows); rows++)
		if (rows->type != OPT_HEADING && rows->long_name != NULL &&
		    strlen(rows->long_name) == len &&
		    memcmp(rows->long_name, name, len) == 0)
			return rows;
	return NULL;
}

const struct opt *
opt_find_short(const struct opt_spec *spec, char c)
{
	const struct opt *o = find_short(spec->rows, c);

	return o != NULL ? o : find_short(opt_builtin_rows, c);
}

const struct opt *
opt_find_long(const struct opt_spec *spec, const char *name, size_t len)
{
	const struct opt *o = find_long(spec->rows, name, len);

	return o != NULL ? o : find_long(opt_builtin_rows, name, len);
}
