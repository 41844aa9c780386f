/*
 * screen.c: the terminal of wamp-top, by ncurses.
 */
#include "top/screen.h"

#include <curses.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define PAIR_BAR	1
#define PAIR_ALARM	2
#define PAIR_BOLD	3

#define ESCAPE_MS	50	/* until an ESC is a key of its own */

static SCREEN *terminal;	/* the library has one, too */
static bool coloured;

static void
begin_colours(void)
{
	(void)start_color();
	(void)use_default_colors();
	(void)init_pair(PAIR_BAR, COLOR_BLACK, COLOR_GREEN);
	(void)init_pair(PAIR_ALARM, COLOR_RED, -1);
	(void)init_pair(PAIR_BOLD, COLOR_CYAN, -1);
}

/* The library catches the signals that end a program, if nobody else does.  But
 * the caller does that. */
static SCREEN *
open_terminal(void)
{
	struct sigaction interrupt, terminate;
	SCREEN *opened;

	(void)sigaction(SIGINT, NULL, &interrupt);
	(void)sigaction(SIGTERM, NULL, &terminate);
	opened = newterm(NULL, stdout, stdin);
	(void)sigaction(SIGINT, &interrupt, NULL);
	(void)sigaction(SIGTERM, &terminate, NULL);
	return opened;
}

int
screen_begin(bool colour, struct errbuf *e)
{
	/* JSON is UTF-8 in every locale of a user. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if ((terminal = open_terminal()) == NULL) {
		err_set(e, "this terminal is unknown (TERM=%s); -b prints "
		    "lists instead", getenv("TERM"));
		return -1;
	}
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(ESCAPE_MS);
	(void)curs_set(0);
	coloured = colour && has_colors();
	if (coloured)
		begin_colours();
	return 0;
}

void
screen_end(void)
{
	if (terminal == NULL)
		return;
	(void)endwin();
	delscreen(terminal);
	terminal = NULL;
}

size_t
screen_rows(void)
{
	return LINES > 0 ? (size_t)LINES : 0;
}

size_t
screen_columns(void)
{
	return COLS > 0 ? (size_t)COLS : 0;
}

void
screen_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0)
		(void)resizeterm(size.ws_row, size.ws_col);
}

void
screen_clear(bool all)
{
	if (all)
		(void)clear();
	else
		(void)erase();
}

static attr_t
attributes(enum screen_look look)
{
	switch (look) {
	case SCREEN_BOLD:
		return coloured ? A_BOLD | (attr_t)COLOR_PAIR(PAIR_BOLD) :
		    A_BOLD;
	case SCREEN_BAR:
		return coloured ? (attr_t)COLOR_PAIR(PAIR_BAR) : A_REVERSE;
	case SCREEN_CHOSEN:
		return A_REVERSE;
	case SCREEN_ALARM:
		return coloured ? A_BOLD | (attr_t)COLOR_PAIR(PAIR_ALARM) :
		    A_BOLD;
	case SCREEN_DIM:
		return A_DIM;
	case SCREEN_PLAIN:
	default:
		return A_NORMAL;
	}
}

void
screen_put(size_t row, size_t column, struct slice text,
    enum screen_look look)
{
	if (row >= screen_rows() || column >= screen_columns())
		return;
	(void)attrset((int)attributes(look));
	/* The cell at the lower right is drawn, too, but without moving on. */
	(void)mvaddnstr((int)row, (int)column, text.p, (int)text.len);
	(void)attrset(A_NORMAL);
}

void
screen_show(void)
{
	(void)refresh();
}

/* What is no character. */
static int
special(wint_t key)
{
	switch (key) {
	case KEY_UP:
		return SCREEN_UP;
	case KEY_DOWN:
		return SCREEN_DOWN;
	case KEY_PPAGE:
		return SCREEN_PAGE_UP;
	case KEY_NPAGE:
		return SCREEN_PAGE_DOWN;
	case KEY_HOME:
		return SCREEN_HOME;
	case KEY_END:
		return SCREEN_END;
	case KEY_LEFT:
		return SCREEN_LEFT;
	case KEY_RIGHT:
		return SCREEN_RIGHT;
	case KEY_ENTER:
		return SCREEN_ENTER;
	case KEY_BACKSPACE:
	case KEY_DC:
		return SCREEN_BACKSPACE;
	default:
		return SCREEN_OTHER;
	}
}

static int
character(wint_t key)
{
	switch (key) {
	case '\r':
	case '\n':
		return SCREEN_ENTER;
	case '\t':
		return SCREEN_TAB;
	case 0x7f:
	case '\b':
		return SCREEN_BACKSPACE;
	case 0x1b:
		return SCREEN_ESCAPE;
	case 0x0c:
		return SCREEN_REDRAW;
	default:
		return key < ' ' ? SCREEN_OTHER : (int)key;
	}
}

int
screen_key(void)
{
	wint_t key;
	int kind = get_wch(&key);

	if (kind == ERR)
		return SCREEN_NONE;
	return kind == KEY_CODE_YES ? special(key) : character(key);
}
