/*
 * yaml_write.h: texts as YAML that reads back to the same.
 *
 * Each function appends to *out; 0, or -1 when out of memory or when the text
 * is not UTF-8, which no YAML file can hold.
 */
#pragma once

#include "base/buf.h"
#include "base/slice.h"

/* In quotes on one line, so that it is taken for nothing but a text. */
int	yaml_write_quoted(struct buf *out, struct slice text);

/* "'key':", so many columns from the left. */
int	yaml_write_key(struct buf *out, unsigned indent, struct slice key);

/* The value of a key that stands so many columns from the left: as it is when
 * it has several lines, else in quotes.  The caller ends the line. */
int	yaml_write_text(struct buf *out, unsigned indent, struct slice text);
