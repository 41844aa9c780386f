/*
 * program.h: jq programs that are options' values.
 */
#pragma once

#include <sys/cdefs.h>

#include "base/err.h"
#include "proto/jq.h"

__BEGIN_DECLS

/* Compile the value of that option; NULL: it was not given, and *out stays
 * NULL.  0, or -1 with *e filled: a usage error with its place. */
int	program_compile(struct jq_program **out, const char *option,
	    const char *text, struct errbuf *e);

__END_DECLS
