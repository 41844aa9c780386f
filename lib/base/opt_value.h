/*
 * opt_value.h: checks and stores the value of an option.
 */
#pragma once

#include "base/opt.h"

/* Store the value as the row says; NULL for an option without a value.  0, or
 * -1 with *e filled if the value is wrong. */
int	opt_store(const struct opt *o, const char *value, struct errbuf *e);
