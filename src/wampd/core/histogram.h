/*
 * histogram.h: how long something took, counted by ranges of time.
 *
 * The ranges are fixed, so that adding needs no memory and Prometheus can add
 * up the histograms of several brokers.  As with the counters of counters.h,
 * each histogram is one row of a table.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 *	histogram(name, help)
 *
 * The field of that name in struct broker_histograms; the help is the sentence
 * of the manual.  All are in seconds.
 */
#define BROKER_HISTOGRAMS(histogram)					\
	histogram(turn,							\
	    "Seconds from reading messages to having sent what follows.") \
	histogram(queue_wait,						\
	    "Seconds for which a session's full socket held its queue up.")

#define HISTOGRAM_BOUNDS	21

/* The largest time of each range, in microseconds; times above the last one are
 * a range, too. */
extern const uint32_t histogram_bounds[HISTOGRAM_BOUNDS];

struct histogram {
	uint64_t n[HISTOGRAM_BOUNDS + 1];	/* times in each range */
	uint64_t sum;				/* us, of all */
};

#define HISTOGRAMS_FIELD(name, help)	struct histogram name;

struct broker_histograms {
	BROKER_HISTOGRAMS(HISTOGRAMS_FIELD)
};

struct histogram_row {
	const char *name;
	const char *help;	/* a sentence */
	size_t	    at;		/* in struct broker_histograms */
};

/* The rows, in their order; the last has name NULL. */
extern const struct histogram_row histogram_rows[];

/* The histogram of a row. */
static inline const struct histogram *
histogram_of(const struct broker_histograms *all,
    const struct histogram_row *row)
{
	return (const struct histogram *)(const void *)
	    ((const char *)all + row->at);
}

/* Count a time in microseconds; a negative one counts as 0.  Short times, which
 * are the most frequent ones, are found first. */
static inline void
histogram_add(struct histogram *h, int64_t us)
{
	uint64_t t = us > 0 ? (uint64_t)us : 0;
	size_t i = 0;

	while (i < HISTOGRAM_BOUNDS && t > histogram_bounds[i])
		i++;
	h->n[i]++;
	h->sum += t;
}
