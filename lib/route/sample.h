/*
 * sample.h: generates texts that match a regular expression, and topics that
 * match a pattern.  They prove warnings about routes.
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
 * Append a text that the expression may match.  Another variant may give
 * another text.  Look-around and back references are ignored, and what would
 * take too long is shortened, so check whether the text matches.  0 or -1.
 */
int	sample_regex(struct buf *out, struct slice regex, unsigned variant);

/* The same for topics of a pattern. */
int	sample_topic(struct buf *out, const struct pattern *p,
	    unsigned variant);
