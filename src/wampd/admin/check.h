/*
 * check.h: the procedure for those who monitor the broker.
 *
 * Failures are told as numbers since an earlier check, so that a monitor which
 * keeps nothing itself learns of each one.  Nothing is measured while nobody
 * checks.
 */
#pragma once

#include <stdint.h>

#include "wampd/core/counters.h"

struct call;

/* The time that an answer covers is at least CHECK_PERIOD, if the broker is up
 * that long, and begins with an earlier check.  The samples are from the last
 * checks, at least CHECK_STEP apart. */
#define CHECK_PERIOD	60000	/* ms */
#define CHECK_STEP	10000	/* ms */
#define CHECK_SAMPLES	(CHECK_PERIOD / CHECK_STEP + 2)

struct check_sample {
	int64_t	at;		/* ms, monotonic; 0: none */
	struct broker_stats stats;
};

/* Zeroed: there are none. */
struct checks {
	struct check_sample samples[CHECK_SAMPLES];	/* a ring */
	unsigned newest;	/* index */
};

/* wampd.check, see wamp-control(7). */
int	admin_check(struct call *c);
