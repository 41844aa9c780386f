/*
 * rows.h: the rows of a view, as the broker's answer has them: cells, sorting,
 * and filtering.
 */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "top/view.h"

struct row {
	struct slice json;	/* the object; in rows->json */
	struct {
		size_t at, len;	/* in rows->text: the unescaped, safe text of a
				 * COLUMN_TEXT */
		double number;	/* of other kinds; -1: there is none */
	} cell[VIEW_COLUMNS_MAX];
};

/* Zeroed: none. */
struct rows {
	const struct view *view;
	struct buf  json;	/* owned; the answer */
	struct buf  text;	/* owned; of the cells */
	struct buf  scratch;
	struct row *v;		/* owned */
	size_t	    n, cap;
};

/* What is looked for.  Zeroed: everything. */
struct filter {
	struct buf  text;	/* owned; a substring, in any case; or after a
				 * tilde a regular expression */
	regex_t	    regex;	/* owned, if is_regex */
	bool	    is_regex;
};

/* Set what is looked for; "" is everything.  0, or -1 with *e filled: then it
 * is as it was. */
int	filter_set(struct filter *f, struct slice text, struct errbuf *e);
void	filter_clear(struct filter *f);

/* The substring for which the broker can look; len 0: none. */
struct slice filter_substring(const struct filter *f);

/* Read a list of objects, which is scanned JSON, and keep a copy.  0, or -1
 * with *e filled. */
int	rows_read(struct rows *r, const struct view *v, struct slice list,
	    struct errbuf *e);
void	rows_clear(struct rows *r);

/* Leave out the rows that do not match in any text. */
void	rows_filter(struct rows *r, const struct filter *f);

/* Sort by that column of the view: numbers descending, text ascending; reverse:
 * the other way round.  Equal ones stay in their order. */
void	rows_sort(struct rows *r, size_t column, bool reverse);

/* Append a cell as text.  0, or -1 when out of memory. */
int	row_show(struct buf *out, const struct rows *r, const struct row *row,
	    size_t column);

/* The text by which a row is known again after the next answer. */
struct slice row_key(const struct rows *r, const struct row *row);

/* The widths of the widest cells of each column of the view, titles included.
 * To be used between width_begin() and width_end().  0, or -1 when out of
 * memory. */
int	rows_measure(const struct rows *r, size_t *natural);
