/*
 * jq_ask.h: a process of the pool is started and asked.
 */
#pragma once

struct jq_slot;

/* Ask as much as it takes; start it if there is anything to ask. */
void	jq_ask_pump(struct jq_slot *s);

/* Send what it was asked. */
void	jq_ask_flush(struct jq_slot *s);
