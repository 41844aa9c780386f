/*
 * opt_row.h: functions on rows for parsing and for showing options.
 */
#pragma once

#include <stdbool.h>

#include "base/opt.h"

/* -h and -V, which every program has. */
extern const struct opt opt_builtin_rows[];

/* Whether o ends its table. */
bool	opt_is_end(const struct opt *o);

/* The row of that name among the program's and the built-in ones, or NULL. */
const struct opt *opt_find_short(const struct opt_spec *spec, char c);
const struct opt *opt_find_long(const struct opt_spec *spec, const char *name,
	    size_t len);

bool	opt_takes_value(const struct opt *o);
