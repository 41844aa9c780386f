/*
 * keepalive.h: when to ask whether a server is still there, and when to give it
 * up.  Pure arithmetic: the caller reads the clocks.
 *
 * If a path drops every packet, or a server hangs, the connection does not end
 * by itself.  Only an answer shows that both work.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum keepalive_step {
	KEEPALIVE_WAIT,
	KEEPALIVE_ASK,	/* the server has been silent for a period: ask it */
	KEEPALIVE_DEAD,	/* silent for another period after that */
};

/*
 * Two clocks are used, because a machine may sleep.  Silence is measured by a
 * clock that runs during sleep, so that the server is asked as soon as the
 * machine is awake.  The time to answer is measured by a clock that stops:
 * otherwise a server would be given up for an answer that nobody was awake to
 * receive.
 */
struct keepalive {
	int64_t	 period_ms;	/* 0: never ask */
	int64_t	 heard_ms;	/* of clock_boot_ms(): when data last came */
	int64_t	 asked_ms;	/* of clock_ms(): when it was asked; -1: not
				 * asked */
	uint64_t unread;	/* unconfirmed bytes when that was set */
};

void	keepalive_init(struct keepalive *k, int64_t period_ms,
	    int64_t boot_ms);

/* Data came from the server. */
void	keepalive_heard(struct keepalive *k, int64_t boot_ms);

/* Whether nothing needs to be checked yet: data came within a period, or the
 * server is never asked. */
bool	keepalive_is_quiet(const struct keepalive *k, int64_t boot_ms);

/* No data has come until now. unread: bytes that the kernel of the far end has
 * not confirmed yet.  While they decrease, the path works, and the question may
 * still be behind them. */
enum keepalive_step keepalive_check(struct keepalive *k, int64_t boot_ms,
	    int64_t now_ms, uint64_t unread);

/* Write the error for KEEPALIVE_DEAD. */
void	keepalive_explain(const struct keepalive *k, struct errbuf *e);

/* The time of clock_ms() of the next check; -1: never. */
int64_t	keepalive_due(const struct keepalive *k, int64_t boot_ms,
	    int64_t now_ms);
