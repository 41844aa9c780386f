/*
 * report.h: the figures of a run on stdout: one a line, as one JSON object, or
 * as a line of names and a line of values.
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
	const struct tool *tool;	/* borrowed; prints warnings */
	struct progress *progress;	/* borrowed; the figures end it */
	const char *mode;	/* borrowed; the first figure */
	bool	    json;
	bool	    csv;
	unsigned    n;		/* figures so far */
	struct buf  names;	/* owned; for csv */
	struct buf  values;	/* likewise */
	bool	    nomem;	/* out of memory for these */
};

/* Report a figure.  Its name ends in the unit. */
void	report_add(struct report *r, const char *name, double value,
	    int decimals);
void	report_flag(struct report *r, const char *name, bool value);

/* "name_p50" and so on: the usual quantiles, in microseconds. */
void	report_hist(struct report *r, const char *name,
	    const struct hist *h);

/* Finish, flush and free.  EXIT_DONE, or EXIT_WORK with *e filled. */
enum exit_status report_end(struct report *r, struct errbuf *e);
