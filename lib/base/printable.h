/*
 * printable.h: text that a terminal shows, and does not obey.
 */
#pragma once

#include "base/buf.h"
#include "base/slice.h"

/* Append text: control characters, and bytes that are no UTF-8, as \xNN, so
 * that it stays one line of text wherever it comes from.  0, or -1 when out of
 * memory: then a part of it was appended. */
int	printable_add(struct buf *out, struct slice text);
