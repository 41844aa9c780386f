/*
 * jq_watch.h: processes of the pool that take too long.
 */
#pragma once

#include <stdint.h>

struct jq_slot;

/* Do what is due at broker->now.  In how many ms the next thing is due, or
 * -1. */
int64_t	jq_watch_tick(struct jq_slot *s);
