/*
 * report.h: what wamp-check prints.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "check/figure.h"

struct report {
	enum verdict verdict;
	struct buf  problems;	/* owned; "a; b", or empty */
	struct buf  notes;	/* owned; the same, but they are no problem */
};

/* Something is wrong, or worth to be told; text may come from a peer.  0, or -1
 * when out of memory. */
int	report_problem(struct report *r, enum verdict v, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
int	report_note(struct report *r, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Tell of all numbers that alert. */
int	report_figures(struct report *r, const struct figures *f);

/* Append the lines: the first one with the verdict and the performance data;
 * verbose: a line more for each number. */
int	report_print(struct buf *out, const struct report *r,
	    const struct figures *f, bool verbose);
void	report_clear(struct report *r);
