/*
 * t_tempo.c: when the things that were recorded are due again.
 */
#include "base/tempo.h"
#include "tap.h"

#define START	INT64_C(5000000)	/* us, of the clock */
#define THEN	INT64_C(1700000000000)	/* ms, of the recording */

static void
test_pace(void)
{
	struct tempo t = TEMPO_INIT(1);

	tempo_next(&t, THEN, START);
	tap_int(tempo_left(&t, START), 0, "the first is due at once");
	tempo_next(&t, THEN + 500, START + 10);
	tap_int(tempo_left(&t, START + 10), 499990,
	    "the second after its time, whatever the first has taken");
	tempo_next(&t, THEN + 600, START + 500900);
	tap_int(tempo_left(&t, START + 500900), 99100,
	    "being late does not add up");
	tempo_next(&t, THEN + 600, START + 600000);
	tap_int(tempo_left(&t, START + 600000), 0, "of two at one time both");
}

static void
test_speed(void)
{
	struct tempo t = TEMPO_INIT(2);

	tempo_next(&t, THEN, START);
	tempo_next(&t, THEN + 1000, START);
	tap_int(tempo_left(&t, START), 500000, "twice as fast");
	t = (struct tempo)TEMPO_INIT(0.5);
	tempo_next(&t, THEN, START);
	tempo_next(&t, THEN + 1000, START);
	tap_int(tempo_left(&t, START), 2000000, "half as fast");
	t = (struct tempo)TEMPO_INIT(0);
	tempo_next(&t, THEN, START);
	tempo_next(&t, THEN + 1000, START);
	tap_int(tempo_left(&t, START), 0, "all at once");
}

static void
test_odd_clocks(void)
{
	struct tempo t = TEMPO_INIT(1);

	tempo_next(&t, THEN, START);
	tempo_next(&t, THEN - 3600000, START);
	tap_int(tempo_left(&t, START), 0, "a clock that was set back: at once");
	tempo_next(&t, THEN - 3599000, START);
	tap_int(tempo_left(&t, START), 1000000, "and on from there");
	t = (struct tempo)TEMPO_INIT(1e-6);
	tempo_next(&t, 0, START);
	tempo_next(&t, INT64_C(253402300799999), START);
	tempo_next(&t, 0, START);
	tempo_next(&t, INT64_C(253402300799999), START);
	tempo_next(&t, 0, START);
	tap_ok(tempo_left(&t, START) > INT64_C(1) << 60,
	    "no distance is too large");
}

static void
test_stall(void)
{
	struct tempo t = TEMPO_INIT(1);
	int64_t now = START + 10000000;
	int i, n = 0;

	tempo_next(&t, THEN, START);
	for (i = 1; i <= 100; i++) {
		tempo_next(&t, THEN + i * 10, now);
		n += tempo_left(&t, now) == 0;
	}
	tap_ok(n >= 10 && n <= 12, "no burst after a stall of seconds: %d", n);
}

static void
test_read(void)
{
	static const char *const wrong[] = { "", "fast", "-1", "+1", "1x",
	    "1e3", "0x2", "inf", "nan", " 1", "1 ", ".", "1.2.3",
	    "0.0000000001", "99999999999999" };
	double v;
	size_t i;

	tap_ok(tempo_read(&v, "2") == 0 && v == 2, "2");
	tap_ok(tempo_read(&v, "0.25") == 0 && v == 0.25, "0.25");
	tap_ok(tempo_read(&v, "0") == 0 && v == 0, "0");
	tap_ok(tempo_read(&v, "max") == 0 && v == 0, "max");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		tap_int(tempo_read(&v, wrong[i]), -1, "no speed: \"%s\"",
		    wrong[i]);
}

int
main(void)
{
	test_pace();
	test_speed();
	test_odd_clocks();
	test_stall();
	test_read();
	return tap_done();
}
