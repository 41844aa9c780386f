/*
 * view.h: the tables of wamp-top: which there are, and their columns.
 *
 * A new column is one row of a table in view.c; its name is that of the member
 * in the broker's answer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,
	COLUMN_RATE,
	COLUMN_BYTES,
	COLUMN_DURATION,
	COLUMN_FLAG,		/* "yes" or "-" */
};

struct column {
	const char *name;	/* of the member; NULL ends a table */
	const char *title;
	enum column_kind kind;
	size_t	    width;	/* columns of a terminal; of text, the least */
	unsigned    rank;	/* on a narrow terminal, those with the greatest
				 * rank are left out first; 0: never */
	bool	    broker;	/* the broker can sort by it */
};

#define VIEW_COLUMNS_MAX	16

enum view_source { VIEW_SESSIONS, VIEW_TOPICS, VIEW_HANDLERS, VIEW_COUNTERS };

struct view {
	const char *name;	/* "sessions" */
	const char *title;
	enum view_source source;
	bool	    slow;	/* of the sessions, only the slow ones */
	const struct column *columns;
	const char *sort;	/* the column at the start */
};

#define VIEWS	5

extern const struct view views[VIEWS];
/* Their names, for the option table; NULL-terminated. */
extern const char *const view_names[];

/* How many columns it has. */
size_t	view_count(const struct view *v);

/* The index of a column by its name, or its title in any case; -1 with *e
 * filled. */
int	view_column(const struct view *v, const char *name, size_t len,
	    struct errbuf *e);

/* Which columns are shown, and how wide. */
struct layout {
	size_t	column[VIEW_COLUMNS_MAX];	/* indexes, in their order */
	size_t	width[VIEW_COLUMNS_MAX];	/* of each of them */
	size_t	n;
};

/* Choose the columns that fit into that many, with a blank between them, from
 * those of l->column, whose widths become final.  natural is the width of the
 * widest text of each column of the view. */
void	layout_fit(struct layout *l, const struct view *v,
	    const size_t *natural, size_t columns);

/* All columns of the view. */
void	layout_all(struct layout *l, const struct view *v);

/* Those of a list such as "session,rate".  0, or -1 with *e filled. */
int	layout_parse(struct layout *l, const struct view *v, const char *list,
	    struct errbuf *e);
