/*
 * width.h: how many columns of a terminal a text takes.
 *
 * The C library knows which characters are two columns wide and which none,
 * but only in a locale of UTF-8.  JSON is UTF-8 whatever locale a person has,
 * so we borrow the one that every system has, and keep no tables of our own.
 */
#pragma once

#include <locale.h>

#include "base/slice.h"

struct width {
	locale_t utf8;		/* owned; 0: there is none, and each character
				 * counts as one column */
	locale_t before;	/* the thread's own */
};

/* The functions below are right between these two. */
void	width_begin(struct width *w);
void	width_end(struct width *w);

/* The columns of a text without control characters (see printable.h). */
size_t	width_of(struct slice text);

/* The longest head of text that takes at most so many columns, in bytes;
 * *width is how many it takes.  Marks that take none belong to the character
 * before them, as long as there are not absurdly many. */
size_t	width_head(struct slice text, size_t columns, size_t *width);
