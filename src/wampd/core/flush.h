/*
 * flush.h: what is queued leaves, in few large writes.
 */
#pragma once

#include <stdbool.h>

struct broker;

#define FLUSH_HELD_TURNS	64	/* it waits no longer */

/*
 * Whether the flush should wait because a flood is being read: the more of it
 * is in the queues, the more events leave in one write.  Bounded in turns and
 * in time, and never when no input is waiting, so a single event leaves at
 * once (performance.md, section 2, item 5).
 */
bool	flush_waits(struct broker *b);

/* Write to the sessions that have something queued, as many as a turn may. */
void	flush_sessions(struct broker *b);

/* So many messages were handled that what they led to leaves before the turn
 * ends. */
void	flush_breathe(struct broker *b);
