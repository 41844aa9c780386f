/*
 * ws_items.h: what a struct ws_reader finds, as text.
 */
#pragma once

#include "base/buf.h"
#include "wampd/net/ws_reader.h"

/* Read bytes, and append a line for each item:
 *
 *	text PAYLOAD		also binary; compressed text, compressed binary
 *	ping PAYLOAD		also pong
 *	close CODE PAYLOAD	without the code in it
 *	too big
 *	fault CODE REASON
 *
 * The bytes are given to the reader in a block of exactly their length.  What
 * holds for each item, for example that text is valid, is checked by
 * assertions. */
void	ws_items_read(struct buf *out, struct ws_reader *r,
	    const struct ws_reader_rules *rules, struct slice bytes);
