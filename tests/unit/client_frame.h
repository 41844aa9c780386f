/*
 * client_frame.h: frames as a WebSocket client sends them, right or wrong, and
 * as a server answers.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "wampd/net/ws_head.h"

/* A frame's first byte: flags and opcode. */
#define FIN	0x80u
#define RSV1	0x40u
#define RSV2	0x20u
#define RSV3	0x10u

#define TEXT	(FIN | WS_TEXT)
#define BINARY	(FIN | WS_BINARY)
#define CLOSE	(FIN | WS_CLOSE)
#define PING	(FIN | WS_PING)
#define PONG	(FIN | WS_PONG)

/* The first fragment of a message, those in the middle, and the last. */
#define TEXT_PART   (0u | WS_TEXT)
#define BINARY_PART (0u | WS_BINARY)
#define PART	    (0u | WS_CONTINUATION)
#define LAST	    (FIN | WS_CONTINUATION)

/* A literal as a slice in an initializer.  It may contain NUL. */
#define P(lit)	{ lit, sizeof(lit) - 1 }

/* Append a masked frame with this first byte.  The frames of a buffer have
 * different keys. */
void	client_frame_add(struct buf *b, unsigned first, struct slice payload);

/* Append only its head, which announces so many bytes.  The key is 0. */
void	client_frame_add_head(struct buf *b, unsigned first, uint64_t length);

/* Append a frame without a mask. */
void	server_frame_add(struct buf *b, unsigned first, struct slice payload);
