/*
 * json_merge.h: members of JSON objects put over those of another.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Put the members of scanned objects, for json_next(), over those of *object,
 * which is one too, or empty; a member that is null goes.  0, or -1 when it
 * would be larger than max bytes or memory is out: then it is as it was. */
int	json_merge(struct buf *object, struct slice objects, size_t max);
