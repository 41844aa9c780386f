/*
 * sheet.h: rows and columns, printed as text, JSON, TSV or Markdown.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

enum sheet_format { SHEET_TEXT, SHEET_JSON, SHEET_TSV, SHEET_MD };

enum sheet_kind {
	SHEET_STRING,
	SHEET_NUMBER,	/* written without quotes in JSON */
	SHEET_JSON_ONLY,	/* is JSON; left out of other formats */
};

struct sheet_column {
	const char     *name;
	enum sheet_kind kind;
};

#define SHEET_COLUMNS_MAX	8

/* Zeroed except for the columns: no rows. */
struct sheet {
	const struct sheet_column *columns;	/* borrowed */
	size_t	   n_columns;	/* at most SHEET_COLUMNS_MAX */
	struct buf cells;	/* texts, one after the other */
	size_t	  *ends;	/* owned; the end of each text in cells */
	size_t	   n, cap;	/* number of cells */
};

/* Add the next cell, row by row.  0 or -1. */
int	sheet_add(struct sheet *s, struct slice text);
int	sheet_add_number(struct sheet *s, size_t number);

/* Append all rows.  JSON is one array of objects; text and TSV have no heading.
 * 0 or -1. */
int	sheet_print(struct buf *out, const struct sheet *s,
	    enum sheet_format format);

void	sheet_clear(struct sheet *s);
