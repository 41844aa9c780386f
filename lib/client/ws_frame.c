/*
 * ws_frame.c: WebSocket frames as a client sends them.
 */
#include "client/ws_frame.h"

#include <stdint.h>
#include <string.h>

#define FRAME_FIN	0x80
#define FRAME_MASKED	0x80
#define FRAME_HEAD_MAX	14	/* bytes: 2, length 8, mask 4 */

/* Returns the head's size. */
static size_t
frame_head(unsigned char *head, enum ws_opcode opcode, size_t len,
    const unsigned char *mask)
{
	size_t n = 2, width = len < 126 ? 0 : len <= 0xffff ? 2 : 8, i;

	head[0] = (unsigned char)(FRAME_FIN | opcode);
	head[1] = (unsigned char)(FRAME_MASKED |
	    (width == 0 ? len : width == 2 ? 126 : 127));
	for (i = width; i-- > 0;)
		head[n++] = (unsigned char)((uint64_t)len >> (8 * i));
	memcpy(head + n, mask, WS_MASK_SIZE);
	return n + WS_MASK_SIZE;
}

/* Eight bytes at a time; the mask repeats every four. */
static void
frame_mask(char *p, size_t len, const unsigned char *mask)
{
	uint64_t wide, block;
	size_t i;

	memcpy(&wide, mask, WS_MASK_SIZE);
	memcpy((char *)&wide + WS_MASK_SIZE, mask, WS_MASK_SIZE);
	for (i = 0; i + sizeof(block) <= len; i += sizeof(block)) {
		memcpy(&block, p + i, sizeof(block));
		block ^= wide;
		memcpy(p + i, &block, sizeof(block));
	}
	for (; i < len; i++)
		p[i] = (char)(p[i] ^ mask[i % WS_MASK_SIZE]);
}

int
ws_frame_add(struct buf *out, enum ws_opcode opcode,
    const struct slice *parts, size_t n,
    const unsigned char mask[WS_MASK_SIZE])
{
	unsigned char head[FRAME_HEAD_MAX];
	size_t i, len = 0, start;

	for (i = 0; i < n; i++)
		len += parts[i].len;
	if (buf_reserve(out, sizeof(head) + len) == -1)
		return -1;
	/* There is room now: these cannot fail. */
	(void)buf_add(out, head, frame_head(head, opcode, len, mask));
	start = out->len;
	for (i = 0; i < n; i++)
		(void)buf_add_slice(out, parts[i]);
	frame_mask(out->data + start, len, mask);
	return 0;
}
