/*
 * counters.c: the table of what is counted, and how it is printed.
 */
#include "wampd/core/counters.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/buf.h"
#include "wampd/core/broker.h"

#define READ_COUNTER(name, unit, help)					\
	static uint64_t							\
	read_##name(const struct broker *b)				\
	{								\
		return b->stats.name;					\
	}

#define READ_GAUGE(name, field, unit, help)				\
	static uint64_t							\
	read_##name(const struct broker *b)				\
	{								\
		return b->field;					\
	}

BROKER_COUNTERS(READ_COUNTER, READ_GAUGE)

#define ROW_COUNTER(name, unit, help)					\
	{ #name, COUNTER, unit, help, read_##name },
#define ROW_GAUGE(name, field, unit, help)				\
	{ #name, GAUGE, unit, help, read_##name },

const struct counter counters[] = {
	BROKER_COUNTERS(ROW_COUNTER, ROW_GAUGE)
	{ .name = NULL }
};

int
counters_print(struct buf *out, const struct broker *b, enum counter_kind kind)
{
	const struct counter *c;
	const char *comma = "";

	for (c = counters; c->name != NULL; c++) {
		if (c->kind != kind)
			continue;
		if (buf_addf(out, "%s\"%s\":%" PRIu64, comma, c->name,
		    c->read(b)) == -1)
			return -1;
		comma = ",";
	}
	return 0;
}
