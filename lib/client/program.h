/*
 * program.h: jq programs that are options' values.
 */
#pragma once

#include <sys/cdefs.h>

#include "base/err.h"
#include "proto/jq.h"

__BEGIN_DECLS

#define PROGRAM_LIMIT	10000	/* ms of processor time */

/* Compile the value of that option; NULL: it was not given, and *out stays
 * NULL.  Each run may take PROGRAM_LIMIT: a program that never ends must not
 * keep a signal from ending the tool.  0, or -1 with *e filled: a usage error
 * with its place. */
int	program_compile(struct jq_program **out, const char *option,
	    const char *text, struct errbuf *e);

__END_DECLS
