/*
 * explain.h: why a route does not match a topic.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "route/table.h"

/* Whether the topic begins as the topics of that route do.  If not, there is
 * nothing to explain. */
bool	explain_starts(const struct routes *r, size_t index,
	    struct slice topic);

/* Append the reason why the route does not match the topic.  0, or -1 when out
 * of memory. */
int	explain_mismatch(struct buf *out, const struct routes *r, size_t index,
	    struct slice topic);
