/*
 * wire.c: builds messages to send, and removes frames from a stream.
 */
#include "bench/wire.h"

#define HEAD_MAX	(WIRE_HEAD_MAX + 4)	/* with the mask */
#define OPCODE		0x0f
#define OPCODE_DATA	2	/* the highest one: rest, text, bytes */

/* The mask keeps a proxy from reading bytes of a script as HTTP (RFC 6455,
 * 10.3).  There is no proxy and no script here, so one key is used for all
 * frames, which costs nothing.  The server's work is the same for any key
 * except zero. */
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
	if (w != WIRE_WS) {
		if (text.len > 0)
			memcpy(at, text.p, text.len);
		out->len += text.len;
		return w == WIRE_LINE ? buf_add_char(out, '\n') : 0;
	}
	n = wire_put_head(head, kind, text.len);
	memcpy(at, head, n);
	for (i = 0; i < text.len; i++)
		at[n + i] = (char)(text.p[i] ^ mask[i % 4]);
	out->len += n + text.len;
	return 0;
}

ssize_t
wire_strip(struct wire_stream *s, char *p, size_t n)
{
	size_t at = 0, kept = 0, part;
	struct slice head;
	uint64_t len;

	while (at < n) {
		if (s->left > 0) {
			part = n - at < s->left ? n - at : (size_t)s->left;
			memmove(p + kept, p + at, part);
			at += part;
			kept += part;
			s->left -= part;
			continue;
		}
		s->head[s->have++] = p[at++];
		head = slice_of(s->head, s->have);
		if (head.len < 2 || wire_head(&head, &len) == 0)
			continue;
		if ((s->head[0] & OPCODE) > OPCODE_DATA)
			return -1;
		s->left = len;
		s->have = 0;
	}
	return (ssize_t)kept;
}
