/*
 * nats.c: the client protocol of NATS, as lines of text: over TCP, or as a
 * stream in a WebSocket.
 */
#include "bench/protocol.h"

#include <string.h>

/* The server's INFO needs no answer, and may come before or after this. */
static int
nats_greet(struct buf *out, uint32_t session)
{
	(void)session;
	return buf_add_str(out, "CONNECT {\"verbose\":false,"
	    "\"pedantic\":false,\"name\":\"wamp-bench\"}\r\nPING\r\n");
}

/* SUB subject sid */
static int
nats_subscribe(struct buf *out, struct slice topic, uint32_t number)
{
	return buf_addf(out, "SUB %.*s %u\r\n", (int)topic.len, topic.p,
	    (unsigned)number);
}

/* PUB subject #bytes */
static int
nats_publish(struct buf *out, struct slice topic, size_t size)
{
	return buf_addf(out, "PUB %.*s %zu\r\n", (int)topic.len, topic.p,
	    size);
}

/* MSG subject sid #bytes, and the payload with a line end of its own. */
static int
nats_next_msg(struct slice *in, struct slice line, struct wire_msg *m)
{
	const char *p = line.p + line.len - 1;	/* after the last digit */
	size_t left = in->len - line.len - 1, len = 0, unit = 1;

	for (; p[-1] >= '0' && p[-1] <= '9'; p--, unit *= 10)
		len += (size_t)(p[-1] - '0') * unit;
	if (left < 2 || left - 2 < len)
		return 0;
	m->kind = WIRE_TEXT;
	m->text = slice_of(line.p + line.len + 1, len);
	*in = slice_of(m->text.p + len + 2, left - len - 2);
	return 1;
}

static int
nats_next(struct slice *in, struct wire_msg *m)
{
	static const struct {
		struct slice   start;
		enum wire_kind kind;
	} lines[] = {
		{ { "PING\r", 5 }, WIRE_PING },
		{ { "PONG\r", 5 }, WIRE_PONG },
		{ { "INFO ", 5 }, WIRE_OTHER },
	};
	const char *end = in->len > 0 ? memchr(in->p, '\n', in->len) : NULL;
	size_t i;

	if (end == NULL)
		return 0;
	m->text = slice_of(in->p, (size_t)(end - in->p));
	if (slice_starts(m->text, SLICE("MSG ")))
		return nats_next_msg(in, m->text, m);
	m->kind = WIRE_ERROR;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (slice_starts(m->text, lines[i].start))
			m->kind = lines[i].kind;
	*in = slice_of(end + 1, in->len - m->text.len - 1);
	return 1;
}

#define NATS_ROW					\
	.greet = nats_greet,				\
	.subscribe = nats_subscribe,			\
	.publish = nats_publish,			\
	.publish_tail = { "\r\n", 2 },			\
	.ping = { "PING\r\n", 6 },			\
	.pong = { "PONG\r\n", 6 },			\
	.next = nats_next

const struct protocol protocol_nats = {
	.scheme = "nats://",
	.port = 4222,
	.wire = WIRE_BARE,
	NATS_ROW
};

const struct protocol protocol_nats_ws = {
	.scheme = "nats+ws://",
	.port = 80,
	.wire = WIRE_WS,
	NATS_ROW
};
