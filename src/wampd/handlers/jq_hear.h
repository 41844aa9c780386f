/*
 * jq_hear.h: the answers of a process of the pool.
 */
#pragma once

struct jq_slot;

/* Handle the answers that were received.  0, or -1 if one is invalid. */
int	jq_hear(struct jq_slot *s);
