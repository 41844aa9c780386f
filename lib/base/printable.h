/*
 * printable.h: text that cannot control a terminal.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* The length of the first character of text, which is not empty.  A byte that
 * is not UTF-8 counts as a character.  *safe: a terminal may get it unchanged.
 * That does not apply to control characters, line ends, and characters that
 * change the direction of the following text (U+202A to U+202E, U+2066 to
 * U+2069), which make text look like other text. */
size_t	printable_step(struct slice text, bool *safe);

/* Whether a terminal may get the whole text unchanged. */
bool	printable_is(struct slice text);

/* Append text, with each byte of unsafe characters as \xNN, so that it is one
 * line of text.  0, or -1 when out of memory: then a part of it was
 * appended. */
int	printable_add(struct buf *out, struct slice text);
