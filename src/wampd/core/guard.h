/*
 * guard.h: what is done around every handler, whatever its type.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"
#include "route/declare.h"
#include "wampd/core/handler.h"

struct session;

/* The checks that every event passes: who, size, rate.  0, or -1 with *e
 * filled. */
int	guard_admit(struct handler *h, struct session *from,
	    struct slice event, struct errbuf *e);

/* A line of log for one message, where the handler asks for it.  s may be
 * NULL: the broker itself. */
void	guard_log_line(const struct handler *h, const struct session *s,
	    const char *verb, struct slice uri, size_t bytes);

/* Few handlers ask for it. */
static inline void
guard_log(const struct handler *h, const struct session *s, const char *verb,
    struct slice uri, size_t bytes)
{
	if (h->log != DECLARE_LOG_NONE)
		guard_log_line(h, s, verb, uri, bytes);
}

/* Log what is wrong with what the handler makes for that topic, at most once
 * a second: what was left out is counted. */
void	guard_warn(struct handler *h, struct slice uri, const char *what);

/* The same of what exceeds a limit: *e says so, and then also that the handler
 * failed, for whoever asked. */
void	guard_exceeds(struct handler *h, struct slice uri,
	    struct errbuf *e);
