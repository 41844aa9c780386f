/*
 * ask.h: what wamp-top asks the broker, and what it makes of the answers.
 *
 * Each look costs four calls.  The list has at most as many items as are shown,
 * so that a broker with 100 000 sessions is asked for no more than others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "client/client.h"
#include "top/rows.h"

#define ASK_LIMIT	1000	/* rows, at most */

/* What is wanted. */
struct question {
	const struct view *view;
	size_t	    sort;		/* index of a column */
	bool	    reverse;
	const struct filter *filter;	/* borrowed */
	size_t	    limit;		/* rows */
};

/* A counter, its total, and how many came a second since the last look. */
struct counted {
	double total;
	double rate;
};

/* What is known.  Zeroed: nothing yet. */
struct answer {
	struct rows rows;
	struct buf  check;	/* owned; the answer of wampd.check */
	struct buf  stats;	/* owned; of wampd.stats, */
	int64_t	    stats_at;	/* ms of clock_ms(); 0: none */
	struct buf  before;	/* and of the look before; len 0: none */
	double	    seconds;	/* between them; or since the start */
	struct buf  args;	/* scratch */
};

/* Ask.  EXIT_REFUSED: the server has no such procedures, or this peer may not
 * call them. */
enum exit_status ask_broker(struct answer *a, struct client *c,
	    const struct question *q, struct errbuf *e);

/* Forget the counters: the next ones are another broker's. */
void	answer_forget(struct answer *a);
void	answer_clear(struct answer *a);

/* A number of wampd.check; 0 if there is none. */
double	answer_check(const struct answer *a, const char *name);
bool	answer_flag(const struct answer *a, const char *name);

/* The counter of that name; if the name ends in "_", the sum of all whose names
 * begin so. */
struct counted answer_count(const struct answer *a, const char *name);

/* Close a session.  *closed: it was there. */
enum exit_status ask_kick(struct client *c, struct slice session,
	    bool *closed, struct errbuf *e);
