/*
 * t_core_histogram.c: histograms: which range a time is in, and their sum.
 */
#include <string.h>

#include "tap.h"
#include "wampd/core/histogram.h"

/* The range that a time was counted in. */
static size_t
range_of(int64_t us)
{
	struct histogram h = { .sum = 0 };
	size_t i = 0;

	histogram_add(&h, us);
	while (i < HISTOGRAM_BOUNDS && h.n[i] == 0)
		i++;
	return i;
}

static void
test_ranges(void)
{
	size_t i;

	for (i = 0; i < HISTOGRAM_BOUNDS; i++) {
		tap_ok(i == 0 || histogram_bounds[i] > histogram_bounds[i - 1],
		    "%u us is a larger bound", histogram_bounds[i]);
		tap_int((int64_t)range_of(histogram_bounds[i]), (int64_t)i,
		    "which is in its range");
		tap_int((int64_t)range_of((int64_t)histogram_bounds[i] + 1),
		    (int64_t)i + 1, "and a bit more is in the next");
	}
	tap_int((int64_t)range_of(0), 0, "0 is in the first range");
	tap_int((int64_t)range_of(-1), 0, "so is a time below 0");
	tap_int((int64_t)range_of(INT64_MAX), HISTOGRAM_BOUNDS,
	    "the longest time is in the last range");
}

static void
test_sum(void)
{
	struct histogram h = { .sum = 0 };

	histogram_add(&h, 7);
	histogram_add(&h, 10);
	histogram_add(&h, -5);
	histogram_add(&h, 2000);
	tap_int((int64_t)h.sum, 2017, "times are added up");
	tap_int((int64_t)h.n[0], 3, "and counted");
}

static void
test_rows(void)
{
	const struct histogram_row *row;
	struct broker_histograms all;
	size_t len;

	for (row = histogram_rows; row->name != NULL; row++) {
		len = strlen(row->help);
		tap_ok(strncmp(row->help, "Seconds ", 8) == 0 &&
		    row->help[len - 1] == '.',
		    "%s: the help is a sentence with the unit", row->name);
		tap_ok(row->at + sizeof(struct histogram) <= sizeof(all),
		    "%s: it is one of them", row->name);
	}
	tap_ok(histogram_of(&all, &histogram_rows[0]) == &all.turn,
	    "a row leads to its histogram");
}

int
main(void)
{
	test_ranges();
	test_sum();
	test_rows();
	return tap_done();
}
