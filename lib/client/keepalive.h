/*
 * keepalive.h: when to ask whether a server is still there, and when to give
 * it up.  Pure arithmetic: the clocks are the caller's.
 *
 * A path that drops every packet, and a server that stands still, end no
 * connection by themselves: only an answer shows that both are there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum keepalive_step {
	KEEPALIVE_WAIT,
	KEEPALIVE_ASK,	/* it has been silent for a period: ask it now */
	KEEPALIVE_DEAD,	/* silent for one more, though it was asked */
};

/*
 * Two clocks, because a machine may sleep.  Silence is measured in time that
 * goes on meanwhile, so that the server is asked as soon as the machine is
 * awake.  The time to answer stands still: else a server would be given up for
 * an answer that nobody was awake to receive.
 */
struct keepalive {
	int64_t	 period_ms;	/* 0: never ask */
	int64_t	 heard_ms;	/* of clock_boot_ms(): the last sign of life */
	int64_t	 asked_ms;	/* of clock_ms(); -1: it owes no answer */
	uint64_t unread;	/* bytes on their way when that was set */
};

void	keepalive_init(struct keepalive *k, int64_t period_ms,
	    int64_t boot_ms);

/* Something came from the server, whatever it is. */
void	keepalive_heard(struct keepalive *k, int64_t boot_ms);

/* Whether there is nothing to check yet: it has been heard within a period, or
 * is never asked. */
bool	keepalive_is_quiet(const struct keepalive *k, int64_t boot_ms);

/* Nothing has come up to now.  unread: bytes that the far end's kernel has not
 * confirmed yet.  As they get fewer, the path lives and the question may still
 * be on its way, behind them. */
enum keepalive_step keepalive_check(struct keepalive *k, int64_t boot_ms,
	    int64_t now_ms, uint64_t unread);

/* Say that it is KEEPALIVE_DEAD. */
void	keepalive_explain(const struct keepalive *k, struct errbuf *e);

/* The moment of clock_ms() at which to check again; -1: never. */
int64_t	keepalive_due(const struct keepalive *k, int64_t boot_ms,
	    int64_t now_ms);
