/*
 * t_log_limit.c: how many lines of each kind are logged.
 */
#include "base/log_limit.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* How many of n lines at that time may be logged. */
static int
take(struct log_limits *all, const char *fmt, int level, int n, int64_t now)
{
	int taken = 0;

	while (n-- > 0)
		taken += log_limit_take(all, fmt, level, now);
	return taken;
}

static void
test_rate(void)
{
	struct log_limits all = { .rate = 2, .burst = 10 };

	tap_int(take(&all, "a", 0, 100, 0), 10, "a burst is logged");
	tap_int(take(&all, "b", 0, 100, 0), 10, "another format has its own");
	tap_int(take(&all, "a", 1, 100, 0), 10, "and another level");
	tap_int(take(&all, "a", 0, 100, 499), 0, "then nothing");
	tap_int(take(&all, "a", 0, 100, 500), 1, "until it is time");
	tap_int(take(&all, "a", 0, 100, 400), 0, "a clock that goes back");
	tap_int(take(&all, "a", 0, 100, INT64_MAX / 2), 10,
	    "after a long time, a burst again, not more");
}

static void
test_tell(void)
{
	struct log_limits all = { .rate = 1, .burst = 1 };
	const struct log_kind *k;
	uint64_t n = 0;

	tap_int(log_limit_wait(&all, 0), -1, "nothing is to be told");
	(void)take(&all, "a", 0, 6, 0);
	(void)take(&all, "b", 2, 3, 500);
	tap_int(log_limit_wait(&all, 500), LOG_TELL - 500,
	    "the first is told first");
	tap_ok(log_limit_due(&all, LOG_TELL - 1, &n) == NULL, "not before");
	k = log_limit_due(&all, LOG_TELL, &n);
	tap_ok(k != NULL && strcmp(k->fmt, "a") == 0 && n == 5,
	    "then with its number");
	tap_ok(log_limit_due(&all, LOG_TELL, &n) == NULL, "once");
	k = log_limit_due(&all, INT64_MAX, &n);
	tap_ok(k != NULL && k->level == 2 && n == 2,
	    "at the end, all are told");
	tap_int(log_limit_wait(&all, 0), -1, "then nothing is left");
}

static void
test_none(void)
{
	struct log_limits all = { .rate = 0 };

	tap_int(take(&all, "a", 0, 1000, 0), 1000, "rate 0 is no limit");
}

/* More kinds than places: they share one, so that the log stays bounded. */
static void
test_many(void)
{
	static char formats[LOG_KINDS * 4];
	static struct log_limits all = { .rate = 1, .burst = 1 };
	int i, taken = 0;

	for (i = 0; i < LOG_KINDS * 4; i++)
		taken += take(&all, formats + i, 0, 10, 0);
	tap_int(taken, LOG_KINDS, "kinds without a place are limited, too");
}

int
main(void)
{
	test_rate();
	test_tell();
	test_none();
	test_many();
	return tap_done();
}
