/*
 * screen.h: the terminal of wamp-top, by ncurses.
 *
 * No other file knows the library.  Text is UTF-8, without control characters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

enum screen_look { SCREEN_PLAIN, SCREEN_BOLD, SCREEN_BAR, SCREEN_CHOSEN,
    SCREEN_ALARM, SCREEN_DIM };

/* Keys that are no characters. */
enum screen_key {
	SCREEN_NONE = -1,	/* no key is waiting */
	SCREEN_UP = 0x200000, SCREEN_DOWN, SCREEN_PAGE_UP, SCREEN_PAGE_DOWN,
	SCREEN_HOME, SCREEN_END, SCREEN_LEFT, SCREEN_RIGHT, SCREEN_ENTER,
	SCREEN_BACKSPACE, SCREEN_ESCAPE, SCREEN_TAB, SCREEN_REDRAW,
	SCREEN_OTHER,
};

/* Take the terminal, or give it back as it was.  0, or -1 with *e filled. */
int	screen_begin(bool colour, struct errbuf *e);
void	screen_end(void);

/* Its size. */
size_t	screen_rows(void);
size_t	screen_columns(void);

/* The terminal has another size. */
void	screen_resize(void);

/* Begin with an empty screen; put texts, of which what is too wide is not
 * shown; show what has changed.  all: as if nothing were there. */
void	screen_clear(bool all);
void	screen_put(size_t row, size_t column, struct slice text,
	    enum screen_look look);
void	screen_show(void);

/* The next key that waits: a character, or one of enum screen_key. */
int	screen_key(void);
