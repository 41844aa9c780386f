/*
 * client_frame.h: frames as a WebSocket client sends them, right or wrong.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"

#define FIN	0x80u		/* the flags of a frame's first byte */
#define RSV1	0x40u
#define RSV2	0x20u
#define RSV3	0x10u

/* Append a masked frame with this first byte: flags and opcode.  The frames
 * of a buffer have different keys. */
void	client_frame_add(struct buf *b, unsigned first, struct slice payload);

/* Append only its head, which announces so many bytes.  The key is 0. */
void	client_frame_add_head(struct buf *b, unsigned first, uint64_t length);
