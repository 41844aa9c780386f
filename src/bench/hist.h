/*
 * hist.h: a histogram of durations with a relative error below 1 %, whatever
 * their size: 128 steps for each power of two, as HdrHistogram has them.
 */
#pragma once

#include <stdint.h>

#define HIST_BITS	8	/* values below 2^8 are exact */
#define HIST_HALF	(1 << (HIST_BITS - 1))
#define HIST_STEPS	((64 - HIST_BITS + 2) * HIST_HALF)

struct hist {
	uint64_t steps[HIST_STEPS];
	uint64_t n;		/* values added */
	uint64_t max;		/* exact */
};

/* Add a value; a negative one (clocks) counts as 0. */
void	 hist_add(struct hist *h, int64_t value);

/* The quantile q (0 to 1): the smallest step that this share of all values does
 * not exceed; 0 if there are no values. */
uint64_t hist_quantile(const struct hist *h, double q);
