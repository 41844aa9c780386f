/*
 * fuzz.h: what several fuzz targets ask of what they got.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "proto/json.h"

/* Whether the part, even an empty one, lies in the whole. */
static inline bool
is_within(struct slice part, struct slice whole)
{
	return part.p >= whole.p &&
	    part.p + part.len <= whole.p + whole.len;
}

/* The same where an empty part may lie anywhere. */
static inline bool
is_empty_or_within(struct slice part, struct slice whole)
{
	return part.len == 0 || is_within(part, whole);
}

/* Whether it is JSON of so many levels at most; then the value without the
 * blanks around it is in *value, which may be NULL. */
static inline bool
is_json(struct slice text, unsigned depth, struct slice *value)
{
	struct json_elem elem;
	struct json_error e;

	if (json_scan_value(text, depth, &elem, &e) == -1)
		return false;
	if (value != NULL)
		*value = elem.text;
	return true;
}
