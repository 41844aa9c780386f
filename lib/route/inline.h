/*
 * inline.h: requirements and defaults inside a channel:
 * {name<regex>?default}.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* A parameter with something inline; slices of the channel. */
struct inline_param {
	struct slice name;		/* may start with '!' */
	struct slice regex;		/* p is NULL: none */
	struct slice value;		/* the default; p is NULL: none */
	bool	     is_null;		/* {name?}: the default is null */
};

/* The next such parameter from *at on; *at moves behind it, and what stands
 * for it, {name}, is appended to *plain with all text before.  0; 1 at the end
 * of the channel, when the rest is appended; -1 when out of memory. */
int	inline_next(struct inline_param *out, struct slice channel, size_t *at,
	    struct buf *plain);
