/*
 * json_shown.h: what a peer sent, for a terminal.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Append text.  The characters that a terminal might obey (see printable.h) are
 * written as JSON's escapes, \u009b: in a JSON string they mean the same.
 * lines: a tab and a line's end stay.  0, or -1 when out of memory: then a part
 * of it was appended. */
int	json_shown(struct buf *out, struct slice text, bool lines);
