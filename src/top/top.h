/*
 * top.h: what the parts of wamp-top share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "client/look.h"
#include "client/tool.h"
#include "top/ask.h"

struct top_options {
	int64_t	    interval_ms;
	int64_t	    iterations;		/* -b; 0: endless */
	int64_t	    rows;		/* at most */
	const char *columns;		/* "session,rate"; or NULL */
	const char *sort;		/* or NULL */
	const char *filter;		/* or NULL */
	bool	    reverse;
	bool	    batch;
	bool	    once;
	bool	    json;
	int	    color;		/* enum look_color */
};

/* What is chosen for a view. */
struct chosen {
	size_t	sort;			/* index of a column */
	bool	reverse;
};

struct top {
	struct tool tool;
	struct top_options opt;
	size_t	    view;		/* index in views */
	struct chosen chosen[VIEWS];
	struct layout columns;		/* of opt.columns; n is 0: all */
	size_t	    columns_view;	/* for which view they are given */
	struct filter filter;
	int64_t	    interval_ms;
	int	    signals;		/* of stop_open() */
	int	    signo;		/* that has ended it; or 0 */
	struct client *client;
	struct answer answer;
};

/* The layout of the current view before it is fitted. */
void	top_layout(const struct top *t, struct layout *l);

/* Ask the broker for what is wanted now. */
enum exit_status top_ask(struct top *t, struct errbuf *e);

/* Print the tables on stdout, one after the other. */
enum exit_status batch_run(struct top *t, struct errbuf *e);

/* Show them on the terminal until the user has enough. */
enum exit_status live_run(struct top *t, struct errbuf *e);
