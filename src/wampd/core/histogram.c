/*
 * histogram.c: the ranges of histograms, and the table of histograms.
 */
#include "wampd/core/histogram.h"

const uint32_t histogram_bounds[HISTOGRAM_BOUNDS] = {
	10, 25, 50, 100, 250, 500,			/* us */
	1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
	1000000, 2500000, 5000000, 10000000, 30000000, 60000000, /* 60 s */
};

#define ROW(name, help)							\
	{ #name, help, offsetof(struct broker_histograms, name) },

const struct histogram_row histogram_rows[] = {
	BROKER_HISTOGRAMS(ROW)
	{ .name = NULL }
};
