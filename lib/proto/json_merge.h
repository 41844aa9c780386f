/*
 * json_merge.h: merges members of JSON objects into another one.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Merge the members of scanned objects, for json_next(), into *object, which is
 * an object or empty.  A member that is null is removed.  0, or -1 if it would
 * become larger than max bytes, or when out of memory: then it is unchanged. */
int	json_merge(struct buf *object, struct slice objects, size_t max);
