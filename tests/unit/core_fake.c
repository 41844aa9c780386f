/*
 * core_fake.c: a transport and a protocol for tests of the core alone.
 */
#include "core_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "route/declare.h"
#include "route/diag.h"
#include "route/load.h"
#include "route/yaml.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/principal.h"
#include "wampd/core/protocol.h"
#include "wampd/core/reply.h"
#include "wampd/core/subscribe.h"

/* ---- a transport that records ---- */

static ssize_t
peer_write(void *conn, const char *p, size_t n)
{
	struct core_peer *peer = conn;

	if (buf_add(&peer->out, p, n) == -1)
		abort();
	return (ssize_t)n;
}

static void
peer_close(void *conn, uint16_t code, const char *reason,
    struct slice unsent)
{
	struct core_peer *peer = conn;

	(void)unsent;
	peer->code = code;
	peer->reason = reason;
	peer->session = NULL;
}

static void
peer_pause(void *conn, bool on)
{
	struct core_peer *peer = conn;

	peer->paused = on;
}

static uint64_t
peer_taken(void *conn, bool *more)
{
	struct core_peer *peer = conn;

	*more = false;
	return peer->out.len;
}

static int
peer_describe(void *conn, struct buf *out)
{
	(void)conn;
	return buf_add_str(out, "nowhere");
}

#define RECORDING .write = peer_write, .close = peer_close,		\
	.pause = peer_pause, .taken = peer_taken, .describe = peer_describe

static const struct transport_ops transport = {
	.name = "recording", .wire = WIRE_LINE, .keepalive = true, RECORDING
};

static const struct transport_ops ws = {
	.name = "ws", .wire = WIRE_WS, .keepalive = true, RECORDING
};

static const struct transport_ops compressed_ws = {
	.name = "ws", .wire = WIRE_WS, .keepalive = true, .compressed = true,
	RECORDING
};

/* ---- a protocol of plain lines ---- */

static void
say_line(struct session *s, struct slice a, struct slice b)
{
	struct slice parts[] = { a, SLICE(" "), b };

	session_send_parts(s, parts, 3, false);
}

static int
protocol_opened(struct session *s)
{
	say_line(s, SLICE("welcome"), slice_str(s->id));
	return 0;
}

/* A message is the name of a topic to subscribe to. */
static void
protocol_receive(struct session *s, struct slice message, bool binary)
{
	struct topic *t = topic_obtain(&s->broker->topics, message);

	(void)binary;
	if (t == NULL)
		abort();
	subscribe(s, t);
}

static void
protocol_oversized(struct session *s)
{
	session_doom(s, 1009, "too large");
}

static void
protocol_closed(struct session *s)
{
	(void)s;
}

static struct frame *
protocol_event(struct broker *b, const struct topic *t, struct slice event,
    bool newline, const struct event *mark)
{
	struct slice parts[] = { t->name, mark != NULL ? SLICE(" kept ") :
	    SLICE(" "), event };

	return frame_new(&b->pressure.frame_bytes, parts, 3, newline);
}

static void
protocol_result(const struct reply_to *to, struct slice result, bool newline)
{
	(void)newline;
	say_line(to->session, to->id, result);
}

static void
protocol_failed(const struct reply_to *to, const struct failure *f)
{
	say_line(to->session, to->id, slice_str(f->reason.msg));
}

static void
protocol_refused(struct session *s, const struct topic *t,
    const struct failure *f)
{
	say_line(s, t->name, slice_str(f->reason.msg));
}

static const char *
protocol_error_uri(enum failure_kind kind)
{
	return kind == FAILURE_NO_ROUTE ? "no_route" : "other";
}

static const struct protocol protocol = {
	.name = "lines",
	.opened = protocol_opened, .receive = protocol_receive,
	.oversized = protocol_oversized, .closed = protocol_closed,
	.event = protocol_event, .result = protocol_result,
	.failed = protocol_failed, .refused = protocol_refused,
	.error_uri = protocol_error_uri,
};

static const struct principal local = {
	.who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_LOCAL | WHO_LOOPBACK,
	.name = "local:test",
};

static void
open_with(struct core_peer *p, struct broker *b,
    const struct transport_ops *ops)
{
	*p = (struct core_peer){ .session = NULL };
	p->session = lobby_open(b, ops, &protocol, p, &local);
	if (p->session == NULL)
		abort();
}

void
core_peer_open(struct core_peer *p, struct broker *b)
{
	open_with(p, b, &transport);
}

void
core_peer_open_ws(struct core_peer *p, struct broker *b, bool compressed)
{
	open_with(p, b, compressed ? &compressed_ws : &ws);
}

bool
core_peer_begin(struct core_peer *p, struct broker *b, int64_t max_wait)
{
	*p = (struct core_peer){ .session = NULL };
	p->session = lobby_begin(b, &transport, &protocol, p, max_wait);
	return p->session != NULL;
}

bool
core_peer_got(struct core_peer *p, const char *part)
{
	bool got = p->out.len > 0 && strstr(buf_cstr(&p->out), part) != NULL;

	buf_reset(&p->out);
	return got;
}

struct broker_settings
core_settings(void)
{
	return (struct broker_settings){
		.limit_message = 1 << 20,
		.limit_depth = 128,
		.limit_queue = 1 << 20,
		.limit_queues = 1 << 30,
		.limit_retained = 1 << 20,
		.limit_history = 1 << 20,
		.limit_memory = 1 << 30,
		.limit_memory_session = 4 << 20,
		.limit_topic_length = 8192,
		.limit_topics = 1000000,
		.limit_prefixes = 64,
		.limit_requests = 1000,
		.limit_sessions_address = 1000,
		.limit_sessions_user = 1000,
		.limit_sessions = 10,
		.limit_subscriptions = 10,
		.stall = 1000,
		.stall_window = 10000,
		.ident = "test",
		.maintenance_topic = "maintenance",
	};
}

struct generation_parts
core_parts(struct slice routes, struct slice handlers, struct diags *d)
{
	struct declare_source src = { .file = "wampd.yml" };
	struct generation_parts parts = { .diags = d };
	struct yaml_doc *doc;

	parts.routes = routes_load_text("routes.yml", routes, false, d);
	if ((doc = yaml_load_text("wampd.yml", handlers, d)) == NULL)
		abort();
	src.handlers = yaml_root(doc);
	parts.declared = declare_load(&src, d);
	yaml_doc_free(doc);
	diag_print(d, stderr);
	if (parts.routes == NULL || parts.declared == NULL || d->errors > 0)
		abort();
	return parts;
}

struct broker *
core_broker(const struct broker_settings *set, struct broker_parts *parts)
{
	struct diags d = { 0 };
	struct errbuf e;
	struct broker *b;

	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	parts->first.diags = &d;
	if ((b = broker_new(set, parts, &e)) == NULL)
		abort();
	diag_clear(&d);
	broker_set_now(b, 0);
	return b;
}
