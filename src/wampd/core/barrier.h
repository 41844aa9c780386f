/*
 * barrier.h: answers for all that a session has published and subscribed.
 *
 * PUBLISH and SUBSCRIBE have no reply in WAMP v1.  wampd.barrier tells what
 * became of all of them since the last one, once the last is decided.
 */
#pragma once

#include "wampd/core/reply.h"

/* Answer now, or once the session's requests are decided.  0, or -1 when out of
 * memory. */
int	barrier_call(const struct reply_to *to);

/* A request of s was decided: answer the barriers that waited for the last. */
void	barrier_release(struct session *s);
