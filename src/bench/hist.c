/*
 * hist.c: a histogram of durations.
 *
 * A value of HIST_BITS bits or less is its own step.  A larger one is shifted
 * right until it has HIST_BITS bits, its top one always set; each shift has
 * HIST_HALF steps of its own.
 */
#include "bench/hist.h"

#include <math.h>

static unsigned
hist_step(uint64_t v)
{
	unsigned shift;

	if (v < 1 << HIST_BITS)
		return (unsigned)v;
	shift = 64 - HIST_BITS - (unsigned)__builtin_clzll(v);
	return shift * HIST_HALF + (unsigned)(v >> shift);
}

/* The largest value of a step. */
static uint64_t
hist_top(unsigned step)
{
	unsigned shift;
	uint64_t top;

	if (step < 1 << HIST_BITS)
		return step;
	shift = step / HIST_HALF - 1;
	top = step - shift * HIST_HALF;
	return ((top + 1) << shift) - 1;
}

void
hist_add(struct hist *h, int64_t value)
{
	uint64_t v = value > 0 ? (uint64_t)value : 0;

	h->steps[hist_step(v)]++;
	h->n++;
	if (v > h->max)
		h->max = v;
}

uint64_t
hist_quantile(const struct hist *h, double q)
{
	uint64_t need = (uint64_t)ceil(q * (double)h->n), seen = 0;
	unsigned step;

	for (step = 0; step < HIST_STEPS && h->n > 0; step++) {
		seen += h->steps[step];
		if (seen >= need && seen > 0)
			return hist_top(step) < h->max ?
			    hist_top(step) : h->max;
	}
	return h->max;
}
