/*
 * figure.h: what is checked: numbers with names, and their thresholds.
 *
 * Some are known in a table, with default thresholds.  Every other number in
 * the answer of wampd.check can be given thresholds, too.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt_list.h"
#include "base/slice.h"
#include "check/range.h"

/* The exit status of a plug-in. */
enum verdict { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

#define FIGURES_MAX	48
#define FIGURE_NAME	40	/* bytes, with the NUL */

struct figure {
	char	 name[FIGURE_NAME];
	const char *unit;	/* "B", "s" or "" */
	double	 value;
	double	 max;		/* the greatest possible one; 0: unknown */
	bool	 has_warning, has_critical;
	struct range warning, critical;	/* resolved */
	enum verdict verdict;
};

struct figures {
	struct figure v[FIGURES_MAX];
	size_t	 n;
};

/* Add a number, unless there is one of that name, or no room. */
void	figures_add(struct figures *f, const char *name, const char *unit,
	    double value, double max);

/* Add the numbers of an answer of wampd.check, a JSON object. */
void	figures_read(struct figures *f, struct slice check);

/* The number of that name, or NULL. */
const struct figure *figures_find(const struct figures *f, const char *name);

/* Give thresholds to the numbers: those of the lists, "NAME=RANGE", and for
 * others the defaults; then compare.  0, or -1 with *e filled: a range is
 * malformed, or there is no number of that name. */
int	figures_judge(struct figures *f, const struct opt_list *warning,
	    const struct opt_list *critical, struct errbuf *e);

/* Check the lists without numbers.  0, or -1 with *e filled. */
int	figures_check_lists(const struct opt_list *warning,
	    const struct opt_list *critical, struct errbuf *e);

/* The worst of two verdicts. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

/* "OK", "WARNING" and so on. */
const char *verdict_name(enum verdict v);

/* Append a number for people, "850" or "1.5 MiB".  0, or -1. */
int	figure_value(struct buf *out, const struct figure *f, double value);

/* Append it as performance data: 'sessions'=12;800;950;0;1000.  0, or -1. */
int	figure_perfdata(struct buf *out, const struct figure *f);
