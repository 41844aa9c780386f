/*
 * expiry.h: sessions that end at a time of their own, because the proof of who
 * their peer is ends then.
 *
 * Most sessions have no such time, so it is a part of their ledger.  The times
 * are in a heap, because proofs end in any order.
 */
#pragma once

#include <stdint.h>

struct broker;
struct session;

/* Close the session at that time, in ms of the monotonic clock.  It must have
 * none yet.  0, or -1 when out of memory. */
int	expiry_set(struct session *s, int64_t at);

/* Close those whose time has come.  Returns in how many ms to call it again, or
 * -1. */
int64_t	expiry_tick(struct broker *b);
