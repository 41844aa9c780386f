/*
 * t_client_keepalive.c: when a server is asked whether it is there, and when
 * it is given up.
 */
#include "client/keepalive.h"

#include "tap.h"

static void
silence(void)
{
	struct keepalive k;

	keepalive_init(&k, 1000, 50);
	tap_int(keepalive_check(&k, 1049, 5, 0), KEEPALIVE_WAIT, "not yet");
	tap_int(keepalive_check(&k, 1050, 6, 0), KEEPALIVE_ASK,
	    "a period of silence: ask");
	tap_int(keepalive_check(&k, 1051, 7, 6), KEEPALIVE_WAIT, "once");
	tap_int(keepalive_check(&k, 2049, 1005, 6), KEEPALIVE_WAIT,
	    "it has a period to answer");
	tap_int(keepalive_check(&k, 2050, 1006, 6), KEEPALIVE_DEAD,
	    "no answer: dead");
}

static void
answers(void)
{
	struct keepalive k;

	keepalive_init(&k, 1000, 0);
	tap_int(keepalive_check(&k, 1000, 1000, 0), KEEPALIVE_ASK, "ask");
	keepalive_heard(&k, 1900);
	tap_int(keepalive_check(&k, 2800, 2800, 0), KEEPALIVE_WAIT,
	    "anything is an answer");
	tap_int(keepalive_check(&k, 2900, 2900, 0), KEEPALIVE_ASK,
	    "silent again: ask again");
}

/* Megabytes may be under way to a distant server, the question behind them. */
static void
progress(void)
{
	struct keepalive k;

	keepalive_init(&k, 1000, 0);
	tap_int(keepalive_check(&k, 1000, 1000, 500), KEEPALIVE_ASK, "ask");
	tap_int(keepalive_check(&k, 2000, 1500, 506), KEEPALIVE_WAIT,
	    "the question itself is no progress");
	tap_int(keepalive_check(&k, 2000, 2000, 400), KEEPALIVE_WAIT,
	    "what arrives shows that the path is there");
	tap_int(keepalive_check(&k, 2999, 2999, 400), KEEPALIVE_WAIT,
	    "a period from then on");
	tap_int(keepalive_check(&k, 3000, 3000, 400), KEEPALIVE_DEAD,
	    "no more of it: dead");
}

/* boot_ms goes on while the machine sleeps, now_ms stands still. */
static void
sleep_and_wake(void)
{
	struct keepalive k;

	keepalive_init(&k, 30000, 0);
	tap_int(keepalive_due(&k, 0, 0), 5000, "looks at the clock at times");
	tap_int(keepalive_check(&k, 3600000, 10, 0), KEEPALIVE_ASK,
	    "asks at once when the machine has slept");
	tap_int(keepalive_check(&k, 7200000, 20, 0), KEEPALIVE_WAIT,
	    "sleep takes nothing from the time to answer");
	tap_int(keepalive_due(&k, 7200000, 29000), 30010, "the rest of it");
	tap_int(keepalive_check(&k, 7230000, 30010, 0), KEEPALIVE_DEAD,
	    "dead after a period awake");
	tap_int(keepalive_due(&k, 7230000, 30010), 30010, "no time is left");
}

static void
off(void)
{
	struct keepalive k;

	keepalive_init(&k, 0, 0);
	tap_int(keepalive_check(&k, 1 << 30, 1 << 30, 0), KEEPALIVE_WAIT,
	    "0 never asks");
	tap_int(keepalive_due(&k, 1 << 30, 1 << 30), -1, "and never looks");
}

int
main(void)
{
	silence();
	answers();
	progress();
	sleep_and_wake();
	off();
	return tap_done();
}
