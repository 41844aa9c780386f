/*
 * jq_end.h: the end of a process of the pool.
 */
#pragma once

struct jq_slot;

/* The process has ended.  Its requests are asked again, except the one that it
 * ended over, which is refused. */
void	jq_end_lost(struct jq_slot *s);

/* The process could not be started, or ended without an answer.  It is started
 * again later.  After a few such failures, requests are refused instead. */
void	jq_end_failed(struct jq_slot *s, const char *why);
