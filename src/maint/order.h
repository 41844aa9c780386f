/*
 * order.h: what the command line asks for, checked before connecting.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"
#include "proto/notice.h"

#define ORDER_WARNINGS_MAX	8	/* as many as wampd takes */

struct order {
	/* options; NULL or -1: not given */
	int64_t	    user_id;
	const char *message;
	const char *at_text, *until_text;
	int64_t	    for_ms;
	struct opt_list warn_texts;	/* owned array */
	/* what follows from them */
	struct notice notice;
	int64_t	    at;			/* ms since 1970; 0: now */
	int64_t	    warn[ORDER_WARNINGS_MAX];	/* likewise, before at */
	size_t	    first;		/* the index of the earliest warning */
	struct buf  text;		/* owned; notice points into it */
};

#define ORDER_INIT	{ .user_id = -1, .for_ms = -1 }

/* Compute the times from now_ms, a value of clock_wall_ms(), and fill
 * o->notice.  0, or -1 with *e filled: a usage error. */
int	order_resolve(struct order *o, bool on, int64_t now_ms,
	    struct errbuf *e);

/* Whether something happens later, which only wampd supports. */
bool	order_is_timed(const struct order *o);

/* The earliest --warn if its time has passed at now_ms, else NULL. */
const char *order_late_warning(const struct order *o, int64_t now_ms);

/* Append the arguments of wampd.maintenance.set.  0, or -1 when out of
 * memory. */
int	order_arguments(struct buf *out, const struct order *o);

void	order_clear(struct order *o);
