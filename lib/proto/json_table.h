/*
 * json_table.h: JSON as a table, for people.
 *
 * A list of objects is a table: a row each, and a column for each name that
 * any of them has.  One object is a table of two columns, name and value.
 * Whatever a peer sends stays one line a row and commands no terminal.
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
	bool	    colour;	/* by the escape sequences of ECMA-48 */
	const char *order;	/* names that come first, with blanks between
				 * them; NULL: all as they come */
};

enum json_table_verdict {
	JSON_TABLE_OK,
	JSON_TABLE_OTHER,	/* the value is no table */
	JSON_TABLE_MEMORY,	/* out of memory */
};

/*
 * Append a scanned value as a table, a line a row; nothing for an empty list.
 * What takes more than the width is wrapped between words or, where a word is
 * too wide, cut, with an ellipsis.  If even that does not do, columns are left
 * out, the last ones first: *left_out gets their titles, "A, B".  Unless all
 * went well, *out is as before; with JSON_TABLE_OTHER *e says why.
 */
enum json_table_verdict json_table(struct buf *out, struct slice value,
	    const struct json_table_look *look, struct buf *left_out,
	    struct errbuf *e);
