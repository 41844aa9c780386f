/*
 * ws_head.h: the head of a frame from a client (RFC 6455 section 5.2): flags,
 * opcode, length and masking key.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/net/ws_mask.h"

enum ws_opcode {
	WS_CONTINUATION = 0x0,
	WS_TEXT = 0x1,
	WS_BINARY = 0x2,
	WS_CLOSE = 0x8,		/* the first opcode of a control frame */
	WS_PING = 0x9,
	WS_PONG = 0xa,
};

#define WS_FIN		0x80u	/* the last frame of its message */
#define WS_RSV1		0x40u	/* RFC 7692: the message is compressed */
#define WS_RESERVED	0x30u	/* RSV2 and RSV3: nothing defines them */
#define WS_OPCODE	0x0fu
#define WS_MASKED	0x80u
#define WS_LENGTH	0x7fu

#define WS_LENGTH_16	126u	/* the length is in the next 2 bytes, or, with
				 * 127, in the next 8 */

#define WS_HEAD_MIN	6	/* bytes: two, and the key */
#define WS_HEAD_MAX	14	/* a length of 8 bytes between them */
#define WS_CONTROL_MAX	125	/* bytes of payload (RFC 6455 section 5.5) */

struct ws_head {
	uint64_t    length;	/* of the payload, in bytes */
	size_t	    size;	/* of the head itself, in bytes */
	unsigned    opcode;	/* enum ws_opcode */
	bool	    fin;
	bool	    rsv1;
	const char *fault;	/* static; what is wrong with the head */
};

/* What the place of the frame allows. */
struct ws_head_rules {
	bool continues;		/* its message has begun: must be continued */
	bool deflate;		/* messages may be compressed */
};

enum ws_head_got {
	WS_HEAD_MORE,		/* so far it is right; more bytes must come */
	WS_HEAD_LENGTH,		/* all is known but the key, which may not have
				 * come yet */
	WS_HEAD_FAULT,		/* only h->fault counts */
};

/* Whether the opcode is that of a control frame. */
static inline bool
ws_is_control(unsigned opcode)
{
	return opcode >= WS_CLOSE;
}

/* Read the n bytes at p, where a head begins.  A fault is reported as soon as
 * the bytes show it. */
enum ws_head_got ws_head_read(struct ws_head *h, const struct ws_head_rules *r,
	    const char *p, size_t n);
