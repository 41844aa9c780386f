/*
 * sample.h: texts that a regular expression matches, and topics that a pattern
 * matches: witnesses for what is said about routes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "route/pattern.h"

#define SAMPLE_VARIANTS	32	/* worth asking for */
#define SAMPLE_MAX	256	/* bytes, about */

/*
 * Append one of the texts that the expression may match; another variant may
 * be another text.  What looks at its surroundings or back at itself is passed
 * over, and what would take too long is cut short: try whether the text does
 * match.  0 or -1.
 */
int	sample_regex(struct buf *out, struct slice regex, unsigned variant);

/* The same for a pattern's topics. */
int	sample_topic(struct buf *out, const struct pattern *p,
	    unsigned variant);
