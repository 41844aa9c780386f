/*
 * json_pretty.h: JSON for people: one member a line, and colours.
 *
 * Numbers and strings keep the bytes that they came with: no digit is lost,
 * no escape resolved.  What a terminal might obey is the exception: DEL, U+0080
 * to U+009F and what turns the direction of text, all of which JSON allows
 * inside strings, are written as escapes, so that no peer drives the terminal.
 * The value stays the same.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

struct json_look {
	bool indent;	/* one member a line; else the white space as it came,
			 * with blanks for line ends */
	bool colour;	/* by the escape sequences of ECMA-48 */
};

/* Append the text of one scanned JSON value, see json.h.  It ends without a
 * newline.  0, or -1 when out of memory: then *out holds a part of it. */
int	json_pretty(struct buf *out, struct slice text,
	    const struct json_look *look);
