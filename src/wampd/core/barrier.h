/*
 * barrier.h: the procedure wampd.barrier.
 *
 * PUBLISH and SUBSCRIBE have no reply in WAMP v1.  wampd.barrier reports what
 * happened to those that the session has sent since its last barrier.  It
 * answers when all of them are decided.
 */
#pragma once

struct reply_to;
struct session;

/* Answer now, or when all pending requests of the session are decided.  Returns
 * 0, or -1 when out of memory. */
int	barrier_call(const struct reply_to *to);

/* A request of s was decided.  If it was the last one that the waiting barriers
 * of s needed, answer them. */
void	barrier_release(struct session *s);
