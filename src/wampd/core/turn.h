/*
 * turn.h: the work at the end of each turn of the loop.
 *
 * While messages are handled, no session is closed or freed, and little is
 * written: that is done here.  The work of one turn is bounded (bounds.h).
 */
#pragma once

#include <stdint.h>

struct broker;

/*
 * Write the queues, free the doomed sessions, ping, close the slow sessions,
 * and let handlers and taps tick.  Returns in how many ms it must be called
 * again even if nothing happens, or -1 for never.  0 means in the next turn: it
 * could not do everything, or it has delayed the flush because more input is
 * waiting.
 */
int64_t	turn_end(struct broker *b);

/* Input is about to be read: the time that it takes is measured from the first
 * call. */
void	turn_begin(struct broker *b);

/* All of a turn is done: end that, unless its flush is delayed. */
void	turn_measure(struct broker *b);

/* Begin to stop.  Nothing more is read.  Each session is closed when its queue
 * is written, or after grace ms.  Turns must follow until no session is left.
 * No close frame is sent, because AutobahnJS reconnects only then. */
void	turn_stop(struct broker *b, int64_t grace);
