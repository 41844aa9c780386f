/*
 * exposition.h: writing figures for Prometheus, in its text format 0.0.4 or in
 * OpenMetrics 1.0.
 *
 * A family is a name with a type and a help; then come its samples, which
 * labels tell apart.  Both formats have the same samples, so that a series does
 * not depend on the format.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct histogram;

enum exposition_format { EXPOSITION_TEXT, EXPOSITION_OPENMETRICS };

enum exposition_type {
	EXPOSITION_COUNTER,	/* its samples end in _total */
	EXPOSITION_GAUGE,
	EXPOSITION_HISTOGRAM,
	EXPOSITION_INFO,	/* what labels alone say; its sample ends in
				 * _info */
};

struct exposition {
	struct buf *out;		/* borrowed */
	enum exposition_format format;
	bool	    failed;		/* out of memory: the text is cut */
	enum exposition_type type;	/* of the family */
	struct buf  name;		/* owned; of the family */
	struct buf  labels;		/* owned; of the next sample */
};

/* Begin and end a text.  end returns 0, or -1 when out of memory. */
void	exposition_begin(struct exposition *x, struct buf *out,
	    enum exposition_format format);
int	exposition_end(struct exposition *x);

/* Begin a family.  name has no suffix such as _total; unit is "", or what name
 * ends in; help is a sentence. */
void	exposition_family(struct exposition *x, enum exposition_type type,
	    const char *name, const char *unit, const char *help);

/* A label of the next sample.  Its value is any text in UTF-8. */
void	exposition_label(struct exposition *x, const char *name,
	    struct slice value);

/* A sample.  Milliseconds and microseconds are written as seconds. */
void	exposition_count(struct exposition *x, uint64_t n);
void	exposition_ms(struct exposition *x, int64_t ms);
void	exposition_us(struct exposition *x, uint64_t us);

/* The samples of a histogram without labels. */
void	exposition_histogram(struct exposition *x, const struct histogram *h);
