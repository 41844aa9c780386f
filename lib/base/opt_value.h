/*
 * opt_value.h: an option's value, checked and stored.
 */
#pragma once

#include "base/opt.h"

/* Store the value where the row says; NULL for an option that takes none.  0,
 * or -1 with *e filled: the value is wrong. */
int	opt_store(const struct opt *o, const char *value, struct errbuf *e);
