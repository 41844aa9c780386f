/*
 * subscribe.h: subscribing a session to a topic.
 */
#pragma once

#include "wampd/core/verdict.h"

struct session;
struct topic;

/* Subscribe s to t, or refuse it, or let the handler decide later.  Nothing
 * happens if s is subscribed, or has asked, already. */
void	subscribe(struct session *s, struct topic *t);

/* Subscribe s to t, which the handler has granted later.  The limit is checked
 * again. */
void	subscribe_granted(struct session *s, struct topic *t);

/* Check that limits.subscriptions and limits.memory_session allow s one more
 * subscription, which takes so many bytes.  Returns 0, or -1 with *e filled. */
int	subscribe_check_limit(const struct session *s, size_t memory,
	    struct errbuf *e);
