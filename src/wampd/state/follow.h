/*
 * follow.h: following what topics keep, and having it written.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/core/keep.h"

struct state;

/* The keeper; its context is a struct state. */
extern const struct keep_ops follow_keeper;

/* The log lacks something: write it anew, of what the topics keep. */
void	follow_renew(struct state *s);

/* Do what is due; tick() of struct tap_ops.  The context is a struct state. */
int64_t	follow_tick(void *ctx);

/* Write all that waits, in this thread.  Returns whether that has worked. */
bool	follow_write_now(struct state *s);
