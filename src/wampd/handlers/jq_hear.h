/*
 * jq_hear.h: what a process of the pool answers.
 */
#pragma once

struct jq_slot;

/* Do what the answers say that were received.  0, or -1: it makes no sense. */
int	jq_hear(struct jq_slot *s);
