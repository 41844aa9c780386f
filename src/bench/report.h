/*
 * report.h: a run's figures on stdout: one a line, all in one JSON object, or
 * a line of names and one of values.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/progress.h"
#include "client/tool.h"
#include "bench/hist.h"

struct report {
	const struct tool *tool;	/* borrowed; says warnings */
	struct progress *progress;	/* borrowed; ended by the figures */
	const char *mode;	/* borrowed; the first figure */
	bool	    json;
	bool	    csv;
	unsigned    n;		/* figures so far */
	struct buf  names;	/* owned; of csv */
	struct buf  values;	/* likewise */
	bool	    nomem;	/* for them */
};

/* A figure with so many decimals.  The name carries the unit. */
void	report_add(struct report *r, const char *name, double value,
	    int decimals);
void	report_flag(struct report *r, const char *name, bool value);

/* "name_p50" and so on: the usual quantiles, in microseconds. */
void	report_hist(struct report *r, const char *name,
	    const struct hist *h);

/* Finish, flush and free.  EXIT_DONE, or EXIT_WORK with *e filled. */
enum exit_status report_end(struct report *r, struct errbuf *e);
