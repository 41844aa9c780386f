/*
 * subscribe.h: a session begins to listen to a topic.
 */
#pragma once

#include "wampd/core/verdict.h"

struct session;
struct topic;

/* s asks for t: it is granted or refused now, or once the handler decides.
 * Twice is once. */
void	subscribe(struct session *s, struct topic *t);

/* A subscription was granted later: check once more what may have changed, and
 * subscribe. */
void	subscribe_granted(struct session *s, struct topic *t);

/* May s have one subscription more?  0, or -1 with *e filled. */
int	subscribe_check_limit(const struct session *s, struct errbuf *e);
