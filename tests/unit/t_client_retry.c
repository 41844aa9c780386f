/*
 * t_client_retry.c: how long to wait before the next try, and when to give up.
 */
#include "client/retry.h"

#include "tap.h"

static uint32_t
lowest(void)
{
	return 0;
}

static uint32_t
highest(void)
{
	return UINT32_MAX;
}

static void
delays(void)
{
	static const int64_t want[] = { 1000, 2000, 4000, 8000, 16000, 30000,
	    30000 };
	const struct retry_opts none = RETRY_OPTS_INIT;
	struct retry high, low;
	size_t i;

	retry_init(&high, &none, RETRY_FOREVER, highest);
	retry_init(&low, &none, RETRY_FOREVER, lowest);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		tap_int(retry_next(&high, 0), want[i], "delay %zu", i);
		tap_int(retry_next(&low, 0), want[i] / 2, "at least half");
	}
	retry_reset(&high);
	tap_int(retry_next(&high, 0), 1000, "from the beginning again");
}

static void
first_delay(void)
{
	struct retry_opts o = RETRY_OPTS_INIT;
	struct retry r;

	o.delay_ms = 300;
	retry_init(&r, &o, 3, highest);
	tap_int(retry_next(&r, 0), 300, "the first delay that was given");
	tap_int(retry_next(&r, 0), 600, "doubled");
	o.delay_ms = 40000;
	retry_init(&r, &o, 3, highest);
	tap_int(retry_next(&r, 0), 40000, "one that is beyond the limit");
	tap_int(retry_next(&r, 0), 40000, "stays as it is");
	o.delay_ms = 0;
	retry_init(&r, &o, 3, lowest);
	tap_ok(retry_next(&r, 0) > 0, "none at all is no busy loop");
}

static void
counts(void)
{
	struct retry_opts o = RETRY_OPTS_INIT;
	struct retry r;

	retry_init(&r, &o, 0, highest);
	tap_int(retry_next(&r, 0), -1, "the tool's own number: none");
	o.tries = 2;
	retry_init(&r, &o, RETRY_FOREVER, highest);
	tap_int(retry_next(&r, 0), 1000, "the first of two");
	tap_int(retry_next(&r, 0), 2000, "the second");
	tap_int(retry_next(&r, 0), -1, "no third");
	tap_int(retry_next(&r, 0), -1, "nor later");
	retry_reset(&r);
	tap_int(retry_next(&r, 0), 1000, "two more after a success");
}

static void
max_time(void)
{
	struct retry_opts o = RETRY_OPTS_INIT;
	struct retry r;

	o.max_time_ms = 3000;
	retry_init(&r, &o, 0, highest);
	tap_int(retry_next(&r, 70000), 1000, "the clock starts at a failure");
	tap_int(retry_next(&r, 71000), 2000, "until the very end");
	tap_int(retry_next(&r, 73000), -1, "and not beyond it");
	retry_reset(&r);
	tap_int(retry_next(&r, 99000), 1000, "it starts again");
	o.tries = 1;
	retry_init(&r, &o, 0, highest);
	tap_int(retry_next(&r, 0), 1000, "two bounds");
	tap_int(retry_next(&r, 1), -1, "the first one counts");
	o.max_time_ms = 0;
	o.tries = -1;
	retry_init(&r, &o, 1, highest);
	tap_int(retry_next(&r, 0), 1000, "zero is no bound");
	tap_int(retry_next(&r, 900000000), -1, "and changes no number");
}

static void
end(void)
{
	const struct retry_opts none = RETRY_OPTS_INIT;
	struct retry r;

	retry_init(&r, &none, RETRY_FOREVER, highest);
	r.end_ms = 7500;
	tap_int(retry_next(&r, 6500), 1000, "at the last moment");
	tap_int(retry_next(&r, 6501), -1, "and not behind it");
	retry_reset(&r);
	tap_int(retry_next(&r, 6501), -1, "nor after a success");
}

int
main(void)
{
	delays();
	first_delay();
	counts();
	max_time();
	end();
	return tap_done();
}
