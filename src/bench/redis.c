/*
 * redis.c: Redis pub/sub, in RESP 2.  A message is a line, or a list of lengths
 * and bytes.
 */
#include "bench/protocol.h"

#include <string.h>

/* A list of one word: subscribers get an answer only to this form. */
#define REDIS_PING	"*1\r\n$4\r\nPING\r\n"

static int
redis_greet(struct buf *out, uint32_t session)
{
	(void)session;
	return buf_add_str(out, REDIS_PING);
}

static int
redis_subscribe(struct buf *out, struct slice topic, uint32_t number)
{
	(void)number;
	return buf_addf(out, "*2\r\n$9\r\nSUBSCRIBE\r\n$%zu\r\n%.*s\r\n",
	    topic.len, (int)topic.len, topic.p);
}

static int
redis_publish(struct buf *out, struct slice topic, size_t size)
{
	return buf_addf(out, "*3\r\n$7\r\nPUBLISH\r\n$%zu\r\n%.*s\r\n$%zu\r\n",
	    topic.len, (int)topic.len, topic.p, size);
}

/* Take a line off *in: its first letter, and the number after it, if any.
 * Negative numbers do not occur. */
static bool
redis_line(struct slice *in, char *type, size_t *n)
{
	const char *end = in->len > 0 ? memchr(in->p, '\n', in->len) : NULL;
	const char *p;

	if (end == NULL)
		return false;
	*type = in->p[0];
	*n = 0;
	for (p = in->p + 1; *p >= '0' && *p <= '9'; p++)
		*n = *n * 10 + (size_t)(*p - '0');
	*in = slice_of(end + 1, in->len - (size_t)(end + 1 - in->p));
	return true;
}

/* Take an element of a list off *in; a number has no bytes. */
static bool
redis_item(struct slice *in, struct slice *item)
{
	size_t n;
	char type;

	if (!redis_line(in, &type, &n))
		return false;
	*item = slice_of(in->p, 0);
	if (type != '$')
		return true;
	if (in->len < 2 || in->len - 2 < n)
		return false;
	item->len = n;
	*in = slice_of(in->p + n + 2, in->len - n - 2);
	return true;
}

/* ["message", channel, event], ["subscribe", channel, n], ["pong", ""] */
static int
redis_next_list(struct slice *in, struct slice rest, size_t n,
    struct wire_msg *m)
{
	struct slice word, item = { 0 };
	size_t i;

	if (n == 0 || !redis_item(&rest, &word))
		return 0;
	for (i = 1; i < n; i++)
		if (!redis_item(&rest, &item))
			return 0;
	if (slice_eq(word, SLICE("message")))
		m->kind = WIRE_TEXT;
	else if (slice_eq(word, SLICE("pong")))
		m->kind = WIRE_PONG;
	else
		m->kind = WIRE_OTHER;
	m->text = item;
	*in = rest;
	return 1;
}

/* +PONG, :receivers, -ERR text, or a list */
static int
redis_next(struct slice *in, struct wire_msg *m)
{
	struct slice rest = *in;
	size_t n;
	char type;

	if (!redis_line(&rest, &type, &n))
		return 0;
	if (type == '*')
		return redis_next_list(in, rest, n, m);
	m->text = slice_of(in->p, in->len - rest.len - 1);
	if (slice_starts(m->text, SLICE("+PONG")))
		m->kind = WIRE_PONG;
	else
		m->kind = type == ':' ? WIRE_OTHER : WIRE_ERROR;
	*in = rest;
	return 1;
}

const struct protocol protocol_redis = {
	.scheme = "redis://",
	.port = 6379,
	.wire = WIRE_BARE,
	.greet = redis_greet,
	.subscribe = redis_subscribe,
	.publish = redis_publish,
	.publish_tail = { "\r\n", 2 },
	.ping = { REDIS_PING, sizeof(REDIS_PING) - 1 },
	.next = redis_next,
};
