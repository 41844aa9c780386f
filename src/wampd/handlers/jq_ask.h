/*
 * jq_ask.h: starting a process of the pool, and sending it requests.
 */
#pragma once

struct jq_slot;

/* Send it as many requests as it may have.  It is started if there are any. */
void	jq_ask_pump(struct jq_slot *s);

/* Write the requests that are buffered. */
void	jq_ask_flush(struct jq_slot *s);
