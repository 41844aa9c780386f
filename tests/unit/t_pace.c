/*
 * t_pace.c: when the next thing may be done.
 */
#include "base/pace.h"
#include "tap.h"

#define START	INT64_C(5000000)	/* us */

/* How many may be done from one moment to another, looked at each step. */
static int
taken(struct pace *p, int64_t from, int64_t to, int64_t step)
{
	int n = 0;

	for (; from < to; from += step)
		while (pace_take(p, from) == 0)
			n++;
	return n;
}

static void
test_rate(void)
{
	struct pace p;
	int n;

	pace_rate(&p, 1000);
	tap_int(pace_take(&p, START), 0, "the first may go at once");
	tap_int(pace_take(&p, START), 1000, "the second after its time");
	tap_int(pace_take(&p, START + 400), 600, "of which some has passed");
	tap_int(pace_take(&p, START + 1000), 0, "then it goes");
	n = taken(&p, START + 2000, START + 1002000, 1000);
	tap_int(n, 1000, "a thousand in a second");
	n = taken(&p, START + 1002000, START + 2002000, 10000);
	tap_ok(n >= 990 && n <= 1010, "also when looked at now and then");
	n = taken(&p, START + 9000000, START + 9000001, 1);
	tap_ok(n >= 100 && n <= 101, "a stall of seconds is not made up for");
}

static void
test_slow_and_fast(void)
{
	struct pace p;

	pace_rate(&p, 1);
	tap_int(taken(&p, START, START + 3500000, 1000), 4, "one a second");
	pace_rate(&p, 1000000000);
	tap_ok(pace_take(&p, START) == 0 && pace_take(&p, START + 1) == 0,
	    "as fast as can be");
}

static void
test_delay(void)
{
	struct pace p;

	pace_delay(&p, 50);
	tap_int(pace_take(&p, START), 0, "the first may go at once");
	tap_int(pace_take(&p, START), 50000, "then there is a delay");
	tap_int(pace_take(&p, START + 70000), 0, "a late one");
	tap_int(pace_take(&p, START + 70000), 50000,
	    "delays the next one by as much");
	pace_delay(&p, INT64_C(1000000000000000));
	tap_int(pace_take(&p, START), 0, "before the longest delay");
	tap_ok(pace_take(&p, START + 1) > INT64_C(1000000000000000),
	    "and after it");
	pace_delay(&p, 0);
	tap_ok(pace_take(&p, START) == 0 && pace_take(&p, START) == 0,
	    "no delay is none");
}

int
main(void)
{
	test_rate();
	test_slow_and_fast();
	test_delay();
	return tap_done();
}
