/*
 * guard.h: checks and log lines that are the same for every handler.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"
#include "route/declare.h"
#include "wampd/core/handler.h"
#include "wampd/core/permissions.h"

struct session;

/* Whether the list of h and the permissions of p's credential allow p to do
 * this.  Types of handlers may have more to say. */
static inline bool
guard_permits(const struct handler *h, enum declare_action action,
    const struct principal *p, struct slice uri)
{
	return acl_allows(&h->rights[action], p) && (p->permissions == NULL ||
	    permissions_allow(p->permissions, action, uri));
}

/* Check an event that `from` publishes on that topic: its right to publish, the
 * size and the rate.  Returns 0, or -1 with *e filled. */
int	guard_admit(struct handler *h, struct session *from,
	    struct slice topic, struct slice event, struct errbuf *e);

/* Write a log line for one message.  The handler must want one, see
 * guard_log().  s is NULL when the broker itself publishes. */
void	guard_log_line(const struct handler *h, const struct session *s,
	    const char *verb, struct slice uri, size_t bytes);

/* Write a log line for one message, if the handler's key log asks for it. */
static inline void
guard_log(const struct handler *h, const struct session *s, const char *verb,
    struct slice uri, size_t bytes)
{
	if (h->log != DECLARE_LOG_NONE)
		guard_log_line(h, s, verb, uri, bytes);
}

/* Log a warning about the handler's output for that topic.  Each handler logs
 * at most one a second; the others are counted. */
void	guard_warn(struct handler *h, struct slice uri, const char *what);

/* Log a warning with the limit that *e says is exceeded.  Then put "the handler
 * failed" in front of *e, for the peer. */
void	guard_exceeds(struct handler *h, struct slice uri,
	    struct errbuf *e);
