/*
 * wire.c: building what is sent.
 */
#include "bench/wire.h"

#define HEAD_MAX	14	/* 2, 8 bytes of length, 4 of mask */

/* The mask keeps proxies from reading a script's bytes as HTTP (RFC 6455,
 * 10.3); there is neither here, so one key serves all and costs nothing. The
 * server's work is the same for any key but zero. */
static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };

static size_t
wire_put_head(unsigned char *head, enum wire_kind kind, size_t len)
{
	uint64_t len64 = htobe64(len);
	uint16_t len16 = htobe16((uint16_t)len);
	size_t n = 2;

	head[0] = (unsigned char)kind;
	if (len < WIRE_LEN16) {
		head[1] = (unsigned char)(0x80 | len);
	} else if (len <= UINT16_MAX) {
		head[1] = 0x80 | WIRE_LEN16;
		memcpy(head + n, &len16, sizeof(len16));
		n += sizeof(len16);
	} else {
		head[1] = 0x80 | WIRE_LEN64;
		memcpy(head + n, &len64, sizeof(len64));
		n += sizeof(len64);
	}
	memcpy(head + n, mask, sizeof(mask));
	return n + sizeof(mask);
}

int
wire_add(struct buf *out, enum wire w, enum wire_kind kind, struct slice text)
{
	unsigned char head[HEAD_MAX];
	char *at;
	size_t i, n = 0;

	if (buf_reserve(out, text.len + HEAD_MAX) == -1)
		return -1;
	at = out->data + out->len;
	if (w == WIRE_LINE) {
		if (text.len > 0)
			memcpy(at, text.p, text.len);
		at[text.len] = '\n';
		out->len += text.len + 1;
		return 0;
	}
	n = wire_put_head(head, kind, text.len);
	memcpy(at, head, n);
	for (i = 0; i < text.len; i++)
		at[n + i] = (char)(text.p[i] ^ mask[i % 4]);
	out->len += n + text.len;
	return 0;
}
