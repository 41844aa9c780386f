/*
 * live.h: the state of the table on a terminal, for the files that draw it and
 * that obey keys.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "client/retry.h"
#include "top/top.h"

enum live_mode { LIVE_TABLE, LIVE_HELP, LIVE_DETAILS };

enum live_prompt { PROMPT_NONE, PROMPT_FILTER, PROMPT_DELAY, PROMPT_KICK };

struct live {
	struct top *top;	/* borrowed */
	struct retry retry;
	int	    events;		/* owned; epoll: stdin, signals, size */
	int	    resized;		/* owned; signalfd of SIGWINCH */
	enum live_mode mode;
	enum live_prompt prompt;
	struct buf  line;		/* owned; typed at the prompt */
	struct buf  key;		/* owned; of the chosen row */
	struct buf  details;		/* owned; the JSON that is shown */
	size_t	    chosen;		/* index of a row */
	size_t	    first;		/* the row at the top of the table */
	size_t	    scroll;		/* lines, in the other modes */
	size_t	    page;		/* rows that are shown */
	bool	    paused;
	bool	    wanted;		/* a look, by the user */
	bool	    asked;		/* there is an answer to show */
	bool	    lost;		/* the connection */
	bool	    redraw;		/* everything */
	bool	    quit;
	int64_t	    due;		/* ms of clock_ms(): the next look, or
					 * the next try to connect */
	struct errbuf said;		/* the last line; or "" */
};

/* The row that is chosen; NULL: there is none. */
const struct row *live_row(const struct live *l);

/* Draw everything.  0, or -1 when out of memory. */
int	draw(struct live *l);

/* Obey a key of screen.h.  EXIT_DONE, or with *e filled why it cannot go on. */
enum exit_status keys_obey(struct live *l, int key, struct errbuf *e);
