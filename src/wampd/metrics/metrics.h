/*
 * metrics.h: the figures of a broker, for Prometheus.
 *
 * Most are made of the tables of counters.h and histogram.h; the others are
 * rows of the tables here.  There is no figure for each topic or session: their
 * number has no bound.  Handlers are those of the configuration.
 */
#pragma once

#include "base/buf.h"
#include "wampd/metrics/exposition.h"

struct broker;

#define METRICS_HANDLERS	256	/* that have figures; the first */

/* A certificate of the broker. */
struct metrics_certificate {
	const char *name;	/* borrowed; its first name */
	int64_t	    end;	/* ms since 1970: when it expires */
};

/* Append all figures.  cert is the certificate that expires first; NULL: there
 * is none.  This takes no longer than a turn may, whatever the broker has.  0,
 * or -1 when out of memory. */
int	metrics_write(struct buf *out, const struct broker *b,
	    const struct metrics_certificate *cert,
	    enum exposition_format format);
