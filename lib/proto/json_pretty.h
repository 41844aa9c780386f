/*
 * json_pretty.h: JSON for people: one member a line, and colours.
 *
 * Numbers and strings keep their bytes: no digit is lost, no escape resolved.
 * The exception is what a terminal might obey: DEL, U+0080 to U+009F and
 * characters that change the direction of text, which JSON allows inside
 * strings, are written as escapes, so that no peer controls the terminal.  The
 * value stays the same.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

struct json_look {
	bool indent;	/* one member a line; else white space as it came, with
			 * blanks for line ends */
	bool colour;	/* with escape sequences of ECMA-48 */
};

/* Append the text of one scanned JSON value, see json.h.  It ends without a
 * newline.  0, or -1 when out of memory: then *out holds a part of it. */
int	json_pretty(struct buf *out, struct slice text,
	    const struct json_look *look);
