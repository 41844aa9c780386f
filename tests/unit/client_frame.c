/*
 * client_frame.c: frames as a WebSocket client, or a server, sends them.
 */
#include "client_frame.h"

#include <stdlib.h>

#define MASKED	0x80u

static void
add(struct buf *b, const void *p, size_t n)
{
	if (buf_add(b, p, n) == -1)
		abort();
}

/* A number of n bytes, the highest one first. */
static void
add_number(struct buf *b, uint64_t number, size_t n)
{
	unsigned char byte;

	while (n-- > 0) {
		byte = (unsigned char)(number >> (8 * n));
		add(b, &byte, 1);
	}
}

/* The head without a key.  mask is MASKED or 0. */
static void
add_head(struct buf *b, unsigned first, unsigned mask, uint64_t length)
{
	add_number(b, first, 1);
	if (length < 126) {
		add_number(b, mask | length, 1);
	} else if (length <= 0xffff) {
		add_number(b, mask | 126, 1);
		add_number(b, length, 2);
	} else {
		add_number(b, mask | 127, 1);
		add_number(b, length, 8);
	}
}

void
client_frame_add_head(struct buf *b, unsigned first, uint64_t length)
{
	add_head(b, first, MASKED, length);
	add_number(b, 0, 4);
}

void
client_frame_add(struct buf *b, unsigned first, struct slice payload)
{
	uint32_t key = ((uint32_t)b->len + 1) * 2654435769u;
	size_t i, at;

	add_head(b, first, MASKED, payload.len);
	add_number(b, key, 4);
	at = b->len;
	add(b, payload.p, payload.len);
	for (i = 0; i < payload.len; i++)
		b->data[at + i] ^= b->data[at - 4 + i % 4];
}

void
server_frame_add(struct buf *b, unsigned first, struct slice payload)
{
	add_head(b, first, 0, payload.len);
	add(b, payload.p, payload.len);
}
