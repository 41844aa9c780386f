/*
 * ws_frame.h: WebSocket frames as a client sends them (RFC 6455 section 5).
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

enum ws_opcode { WS_OPCODE_TEXT = 1, WS_OPCODE_CLOSE = 8,
    WS_OPCODE_PING = 9 };

#define WS_MASK_SIZE	4	/* bytes */

/* Append one whole masked message, whose payload is the parts joined.  The mask
 * must be unpredictable.  0, or -1 when out of memory. */
int	ws_frame_add(struct buf *out, enum ws_opcode opcode,
	    const struct slice *parts, size_t n,
	    const unsigned char mask[WS_MASK_SIZE]);
