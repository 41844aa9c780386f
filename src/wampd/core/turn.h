/*
 * turn.h: what is done at the end of each turn of the loop.
 *
 * Nothing is freed, closed or written while messages are handled: it is all
 * done here, bounded, so that whatever comes at once keeps nobody waiting for
 * long.
 */
#pragma once

#include <stdint.h>

struct broker;

/*
 * Flush what became dirty, close what was doomed, ping, and drop who stalls.
 * Returns how many ms may pass until it must be called again even if nothing
 * happens; -1: any number; 0: at once, because the flush waits for input that
 * is ready, or more is to be done than one turn may.
 */
int64_t	turn_end(struct broker *b);

/* Begin to stop: nothing more is read; each session is dropped once its queue
 * is written, or after grace ms.  Turns must follow until no session is left.
 * There is no close frame: AutobahnJS reconnects only after a loss. */
void	turn_stop(struct broker *b, int64_t grace);
