/*
 * head.h: the lines about the whole broker, above the table.
 */
#pragma once

#include "base/buf.h"
#include "top/ask.h"

#define HEAD_LINES	4

/* Append one of these lines, without a line end.  It fits into 80 columns.  0,
 * or -1 when out of memory. */
int	head_line(struct buf *out, const struct answer *a, unsigned line);

/* Whether something in it needs a human: what a terminal shows in colour. */
bool	head_alarm(const struct answer *a, unsigned line);

/* Append the titles of the columns, or the cells of a row, with blanks between
 * them.  To be used between width_begin() and width_end().  0, or -1 when out
 * of memory. */
int	head_titles(struct buf *out, const struct view *v,
	    const struct layout *l);
int	head_row(struct buf *out, const struct rows *r, const struct row *row,
	    const struct layout *l);
