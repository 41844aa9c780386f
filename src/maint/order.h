/*
 * order.h: what the command line asks for, checked before anyone is called.
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
	/* what they come to */
	struct notice notice;
	int64_t	    at;			/* ms since 1970; 0: now */
	int64_t	    warn[ORDER_WARNINGS_MAX];	/* likewise, before at */
	size_t	    first;		/* the earliest of them */
	struct buf  text;		/* owned; notice points into it */
};

#define ORDER_INIT	{ .user_id = -1, .for_ms = -1 }

/* Work the times out from now_ms, which is of clock_wall_ms(), and fill
 * o->notice.  0, or -1 with *e filled: a usage error. */
int	order_resolve(struct order *o, bool on, int64_t now_ms,
	    struct errbuf *e);

/* Whether anything shall happen later, which needs a server with a clock. */
bool	order_is_timed(const struct order *o);

/* The --warn whose time comes first, and that has passed at now_ms; or
 * NULL. */
const char *order_late_warning(const struct order *o, int64_t now_ms);

/* Append the arguments of wampd.maintenance.set.  0, or -1 when out of
 * memory. */
int	order_arguments(struct buf *out, const struct order *o);

void	order_clear(struct order *o);
