/*
 * json_table.h: JSON as a table, for people.
 *
 * A list of objects is a table with a row for each object, and a column for
 * each name in any of them.  One object is a table of two columns, name and
 * value.  Data from a peer stays one line a row and cannot control the
 * terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

#define JSON_TABLE_COLUMNS_MAX	64

struct json_table_look {
	size_t	    width;	/* columns of the terminal; 0: any */
	bool	    colour;	/* with escape sequences of ECMA-48 */
	const char *order;	/* names of the first columns, with blanks
				 * between them; NULL: as they come */
};

enum json_table_verdict {
	JSON_TABLE_OK,
	JSON_TABLE_OTHER,	/* the value is not a table */
	JSON_TABLE_MEMORY,	/* out of memory */
};

/*
 * Append a scanned value as a table, with a line or more for each row; nothing
 * for an empty list.  Values that exceed the width are wrapped between words; a
 * word that is too wide is cut, with an ellipsis.  If that is not enough,
 * columns are left out, the last ones first, and *left_out gets their titles,
 * "A, B".  On failure *out is unchanged; with JSON_TABLE_OTHER *e says why.
 */
enum json_table_verdict json_table(struct buf *out, struct slice value,
	    const struct json_table_look *look, struct buf *left_out,
	    struct errbuf *e);
