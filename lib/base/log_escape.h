/*
 * log_escape.h: making text harmless for lines of the log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct log_quoted {
	char	s[160];		/* NUL-terminated; longer values end in "..." */
};

/* s as a log value: bare when it is one plain word, else in double quotes
 * with \n, \" and \xNN escapes, cut to fit. Use: log_quote(topic).s */
struct log_quoted log_quote(struct slice s);

/* Append s to line, which has cap bytes and holds `at` of them, and escape what
 * is unsafe for terminals, for JSON also '"' and '\'.  Stops when the line is
 * full.  Returns how many bytes it holds. */
size_t	log_escape(char *line, size_t at, size_t cap, const char *s,
	    bool json);
