/*
 * jq_watch.h: what takes a process of the pool too long.
 */
#pragma once

#include <stdint.h>

struct jq_slot;

/* Do what is due at broker->now; in how many ms the next thing is, or -1. */
int64_t	jq_watch_tick(struct jq_slot *s);
