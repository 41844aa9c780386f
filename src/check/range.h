/*
 * range.h: thresholds, in the syntax of the monitoring plug-ins' guidelines.
 *
 *	10	alert below 0 and above 10
 *	10:	alert below 10
 *	~:10	alert above 10
 *	10:20	alert below 10 and above 20
 *	@10:20	alert from 10 to 20, both included
 *
 * A number may end in %, which is a part of the greatest possible value: 80%.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct range {
	double start, end;	/* may be infinite */
	bool   start_part;	/* percent of the greatest value */
	bool   end_part;
	bool   inside;		/* alert inside */
};

/* Read the whole text.  0, or -1 with *e filled. */
int	range_parse(struct range *r, const char *text, struct errbuf *e);

/* Whether it has percentages, which need a greatest value. */
bool	range_is_part(const struct range *r);

/* Replace percentages by what they are of max. */
void	range_resolve(struct range *r, double max);

/* Whether the value alerts.  To be called after range_resolve(). */
bool	range_alerts(const struct range *r, double value);

/* Append the range in the same syntax.  0, or -1 when out of memory. */
int	range_print(struct buf *out, const struct range *r);

/* Append a number as short as it is exact enough.  0, or -1. */
int	range_number(struct buf *out, double n);
