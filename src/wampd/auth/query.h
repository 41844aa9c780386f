/*
 * query.h: the query of a URL, as browsers and PHP write it:
 * NAME=VALUE&NAME=VALUE, percent-encoded, with "+" for a blank.
 */
#pragma once

#include "base/buf.h"
#include "base/slice.h"

/* The value of that name, as it came; the last one if there are several, as in
 * PHP.  Returns how many there are. */
unsigned query_find(struct slice query, struct slice name, struct slice *value);

/* Append the decoded value.  A "%" that begins no code stands for itself.  0,
 * or -1 when out of memory. */
int	query_decode(struct slice value, struct buf *out);
