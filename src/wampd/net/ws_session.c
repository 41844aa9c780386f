/*
 * ws_session.c: the frames of an open session, in and out.
 *
 * The core makes outgoing frames complete; they are written as they are.
 */
#include "base/utf8.h"
#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/receive.h"
#include "wampd/net/ws_conn.h"

/* ---- what the core asks for ---- */

/* The first bytes of a session leave together with the 101: Oro's PHP client
 * needs WELCOME in its first read. */
static int
write_first(struct ws_conn *c, const char *p, size_t n)
{
	struct buf *answer = &c->visit->answer;
	int rc = buf_add(answer, p, n);

	if (rc == 0)
		rc = stream_put(&c->stream, answer->data, answer->len);
	buf_clear(answer);
	return rc;
}

static ssize_t
ws_write(void *arg, const char *p, size_t n)
{
	struct ws_conn *c = arg;
	ssize_t sent;

	if (c->keeps)
		return stream_put(&c->stream, p, n) == 0 ? (ssize_t)n : -1;
	if (c->visit != NULL && c->visit->answer.len > 0)
		sent = write_first(c, p, n) == 0 ? (ssize_t)n : -1;
	else
		sent = stream_write(&c->stream, p, n);
	if (stream_is_blocked(&c->stream))
		session_block(c->session);
	return sent;
}

/* How much of its output is kept for a session that has ended, until the peer
 * has taken it. */
#define CUT_MAX	(64u << 10)

static void
ws_close_conn(void *arg, uint16_t code, const char *reason,
    struct slice unsent)
{
	struct ws_conn *c = arg;
	bool blocked = stream_is_blocked(&c->stream);

	c->session = NULL;
	if (c->stream.broken || (code == 0 && c->state == CONN_OPEN &&
	    blocked) || unsent.len > CUT_MAX || (unsent.len > 0 &&
	    stream_put(&c->stream, unsent.p, unsent.len) == -1))
		conn_close(c);
	else if (c->state == CONN_LEAVING)
		conn_answer_close(c);
	else if (code == 0)
		conn_farewell(c);
	else
		conn_goodbye(c, code, reason);
	/* Its frames cannot be read any more, not even a Close. */
	if (c->faulty && c->state == CONN_GOODBYE)
		conn_farewell(c);
}

static void
ws_pause(void *arg, bool on)
{
	struct ws_conn *c = arg;

	stream_pause(&c->stream, on);
}

static uint64_t
ws_taken(void *arg, bool *more)
{
	const struct ws_conn *c = arg;

	return stream_taken(&c->stream, more);
}

static struct address
ws_address(void *arg)
{
	const struct ws_conn *c = arg;

	return c->real != NULL ? *c->real : address_of_peer(c->stream.fd);
}

static int
ws_describe(void *arg, struct buf *out)
{
	struct address peer = ws_address(arg);

	return address_describe(&peer, out);
}

#define WS_TRANSPORT							\
	.name = "ws",							\
	.wire = WIRE_WS,						\
	.keepalive = true,						\
	.write = ws_write,						\
	.close = ws_close_conn,						\
	.pause = ws_pause,						\
	.taken = ws_taken,						\
	.address = ws_address,						\
	.describe = ws_describe

const struct transport_ops ws_transport = { WS_TRANSPORT };
const struct transport_ops ws_transport_deflate = {
	WS_TRANSPORT, .compressed = true,
};

/* ---- input ---- */

/* One read holds compressed messages of up to a thousand times its size.  We
 * yield after so many bytes of them. */
#define INFLATIONS (2u * STREAM_READ)

/* The peer has broken the rules of WebSockets. */
static bool
conn_fault(struct ws_conn *c, uint16_t code, const char *reason)
{
	c->ws->broker->stats.violations++;
	c->faulty = true;
	session_doom(c->session, code, reason);
	return false;
}

static bool
conn_too_big(struct ws_conn *c)
{
	receive_oversized(c->session);
	return c->session->state == SESSION_OPEN;
}

static bool
conn_compressed(struct ws_conn *c, const struct ws_item *item)
{
	size_t limit = c->session->broker->set.limit_message;
	struct buf *out = &c->ws->inflated;

	buf_reset(out);
	switch (deflate_inflate(c->ws->deflate, item->payload, limit, out)) {
	case DEFLATE_OK:
		c->ws->inflations += out->len;
		break;
	case DEFLATE_TOO_BIG:
		c->ws->inflations += limit;
		return conn_too_big(c);
	case DEFLATE_NO_MEMORY:
		session_doom(c->session, 0, "out of memory");
		return false;
	default:
		return conn_fault(c, CLOSE_INVALID,
		    "a message that cannot be decompressed");
	}
	if (!item->binary && !utf8_valid(buf_slice(out)))
		return conn_fault(c, CLOSE_INVALID, "text that is not UTF-8");
	return receive_message(c->session, buf_slice(out), item->binary);
}

void
conn_say_rest(struct ws_conn *c)
{
	struct session *s = c->session;

	if (!s->blocked)
		session_flush(s);
	if (s->queue.bytes == 0 || s->queue.bytes > CUT_MAX)
		return;
	c->keeps = true;
	session_writable(s);
}

/* Nothing is processed behind a Close. */
static bool
conn_hear_close(struct ws_conn *c, struct slice payload)
{
	if (conn_keep_close(c, payload) == -1) {
		session_doom(c->session, 0, "out of memory");
		return false;
	}
	conn_move(c, CONN_LEAVING);
	stream_leave(&c->stream);
	return false;
}

/* Whether this read has taken so long that others should have their turn. */
static bool
conn_is_long(const struct ws_conn *c, uint64_t deliveries)
{
	return c->ws->broker->stats.deliveries >= deliveries ||
	    c->ws->inflations >= INFLATIONS;
}

/* Whether to go on with the next item. */
static bool
conn_item(struct ws_conn *c, enum ws_got got, const struct ws_item *item)
{
	switch (got) {
	case WS_GOT_MESSAGE:
		return item->compressed ? conn_compressed(c, item) :
		    receive_message(c->session, item->payload, item->binary);
	case WS_GOT_PING:
		return receive_ping(c->session, item->payload);
	case WS_GOT_PONG:
		session_heard(c->session);
		return true;
	case WS_GOT_CLOSE:
		return conn_hear_close(c, item->payload);
	case WS_GOT_TOO_BIG:
		return conn_too_big(c);
	case WS_GOT_FAULT:
		return conn_fault(c, item->code, item->reason);
	default:
		session_doom(c->session, 0, "out of memory");
		return false;
	}
}

/* How much of n bytes is used up when the last `left` of them are not looked at
 * now.  If the session ends, they wait for conn_last_frames(): the peer's Close
 * may be among them, and it must know where the next frame begins. */
static size_t
conn_used(struct ws_conn *c, size_t n, size_t left)
{
	if (c->faulty || c->state != CONN_OPEN)
		return n;
	if (c->session->state == SESSION_DOOMED)
		stream_pause(&c->stream, true);
	return n - left;
}

/* How large a message may be as it comes.  What counts is the size of its text,
 * and a text that cannot be compressed becomes a bit larger. */
static uint64_t
conn_limit(const struct ws_conn *c)
{
	uint64_t limit = c->ws->broker->set.limit_message;

	return c->deflate ? limit + limit / 32 + 64 : limit;
}

static size_t
conn_read(struct ws_conn *c, char *p, size_t n)
{
	struct session *s = c->session;
	struct broker *b = c->ws->broker;
	const struct ws_reader_rules rules = {
		.limit = conn_limit(c), .deflate = c->deflate,
	};
	uint64_t most = b->stats.deliveries + STREAM_DELIVERIES;
	struct ws_input in = { p, n };
	struct ws_item item;
	enum ws_got got;

	if (s->state == SESSION_DOOMED)
		return conn_used(c, n, n);
	/* A pong cannot come in the middle of a large frame, so its pieces
	 * count as well. */
	session_heard(s);
	c->ws->inflations = 0;
	while ((got = ws_reader_next(&c->reader, &rules, &in, &item)) !=
	    WS_GOT_MORE) {
		if (!conn_item(c, got, &item))
			return conn_used(c, n, in.len);
		if (conn_is_long(c, most) && in.len > 0) {
			stream_yield(&c->stream);
			return n - in.len;
		}
	}
	return n;
}

size_t
conn_frames(struct ws_conn *c, char *p, size_t n)
{
	size_t held = ws_reader_held(&c->reader), used = conn_read(c, p, n);

	c->ws->unfinished += ws_reader_held(&c->reader) - held;
	return used;
}

/* No message counts any more, so nothing is kept of them. */
size_t
conn_last_frames(struct ws_conn *c, char *p, size_t n)
{
	const struct ws_reader_rules rules = { .deflate = c->deflate };
	struct ws_input in = { p, n };
	struct ws_item item;
	enum ws_got got;

	while ((got = ws_reader_next(&c->reader, &rules, &in, &item)) !=
	    WS_GOT_MORE)
		if (got == WS_GOT_CLOSE || got == WS_GOT_FAULT ||
		    got == WS_GOT_NO_MEMORY) {
			conn_farewell(c);
			break;
		}
	return n;
}
