/*
 * retain.h: the event that a topic retains for later subscribers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/core/keep.h"

struct broker;
struct event;
struct source;
struct topic;
struct topics;

/* Retain ev until its time is up; takes a reference of its own.  It replaces
 * the event before.  Its source pays for it.  Returns 0, or -1 when out of
 * memory; then nothing has changed.  The keeper is not told of ev. */
int	retain_set(struct topics *all, struct topic *t, struct event *ev);

/* Retain nothing any more.  Nothing happens if t retains nothing. */
void	retain_drop(struct topics *all, struct topic *t, enum keep_end why);

/* Whether limits.retained allows t to retain an event of len bytes.  A source
 * may retain as much as is free beside that, so it leaves room for others. */
bool	retain_may(const struct topics *all, const struct topic *t,
	    size_t len, const struct source *o);

/* The bytes that the event of t counts in limits.retained; 0 if there is
 * none. */
size_t	retain_weight(const struct topic *t);

/* When that event ends by the monotonic clock, in ms; or DEADLINE_NEVER. */
int64_t	retain_end(const struct event *ev);

/* Drop the events whose time is up, as many as one turn may.  Returns in how
 * many ms to call it again, or -1. */
int64_t	retain_tick(struct broker *b);
