/*
 * inline.h: requirements and defaults inside a channel:
 * {name<regex>?default}.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* A parameter with an inline part; slices of the channel. */
struct inline_param {
	struct slice name;		/* may start with '!' */
	struct slice regex;		/* p is NULL: none */
	struct slice value;		/* the default; p is NULL: none */
	bool	     is_null;		/* {name?}: the default is null */
};

/* Find the next such parameter from *at on; *at moves after it.  The text
 * before it, and {name}, are appended to *plain.  0; 1 at the end of the
 * channel, when the rest was appended; -1 when out of memory. */
int	inline_next(struct inline_param *out, struct slice channel, size_t *at,
	    struct buf *plain);
