/*
 * printable.h: text that a terminal shows, and does not obey.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* The length of the first character of text, which is not empty.  A byte that
 * is not UTF-8 counts as a character.  *safe says whether a terminal may get it
 * as it is: it is not when it is a control character, ends a line, or turns the
 * direction of the text behind it (U+202A to U+202E, U+2066 to U+2069), which
 * lets a text show as another one. */
size_t	printable_step(struct slice text, bool *safe);

/* Append text, with each byte of what is not safe as \xNN, so that it stays
 * one line of text wherever it comes from.  0, or -1 when out of memory: then
 * a part of it was appended. */
int	printable_add(struct buf *out, struct slice text);
