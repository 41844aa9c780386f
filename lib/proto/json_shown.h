/*
 * json_shown.h: text from a peer, for a terminal.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Append text.  Characters that a terminal might obey (see printable.h) are
 * written as escapes of JSON, \u009b, which mean the same in a JSON string.
 * lines: tabs and line ends stay.  0, or -1 when out of memory: then a part of
 * it was appended. */
int	json_shown(struct buf *out, struct slice text, bool lines);
