/*
 * json_cells.h: internals of json_table.c: the cells, and the lines of the
 * table.
 */
#pragma once

#include "base/arena.h"
#include "proto/json_table.h"

#define TABLE_NOTHING	"-"	/* null, missing or empty; a blank field would
				 * shift the following ones for awk */

struct column {
	struct slice key;	/* in mem; characters, escapes resolved */
	struct slice title;	/* in mem; printable */
	size_t	     natural;	/* columns of the widest cell or title */
	size_t	     width;	/* columns that it gets; 0: left out */
	bool	     seen;	/* a row has it */
	bool	     numbers;	/* only numbers: aligned to the right */
	bool	     others;
};

struct cell {
	size_t	 at;		/* in text */
	size_t	 len;		/* 0: TABLE_NOTHING */
	size_t	 width;
};

struct table {
	const struct json_table_look *look;	/* borrowed */
	struct column columns[JSON_TABLE_COLUMNS_MAX];
	size_t	      n_columns;
	bool	      titles;	/* they are shown */
	struct cell  *cells;	/* owned; n_columns of each row */
	size_t	      n_rows;
	struct buf    text;	/* of all cells */
	struct buf    scratch, json;
	struct arena  mem;
	bool	      failed;	/* out of memory */
};

/* Append the lines, and to *left_out the titles of the columns that do not fit.
 * 0, or -1 when out of memory. */
int	json_cells(struct buf *out, struct table *t, struct buf *left_out);
