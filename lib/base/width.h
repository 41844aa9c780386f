/*
 * width.h: how many columns of a terminal a text needs.
 *
 * The C library knows which characters need two columns and which none, but
 * only in a UTF-8 locale.  JSON is UTF-8 in every locale of a user, so we use
 * the UTF-8 locale that every system has.  We need no tables of our own.
 */
#pragma once

#include <locale.h>

#include "base/slice.h"

struct width {
	locale_t utf8;		/* owned; 0: none, and each character counts as
				 * one column */
	locale_t before;	/* the thread's own */
};

/* The functions below may only be used between these two. */
void	width_begin(struct width *w);
void	width_end(struct width *w);

/* The columns of a text without control characters (see printable.h). */
size_t	width_of(struct slice text);

/* The longest beginning of text that needs at most that many columns, in bytes;
 * *width is the number of columns.  Characters without a width belong to the
 * one before them, unless there are very many. */
size_t	width_head(struct slice text, size_t columns, size_t *width);
