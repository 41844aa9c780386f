/*
 * fake.c: a broker without sockets: a transport that records.
 */
#include "fake.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core_fake.h"
#include "wampd/core/lobby.h"
#include "wampd/core/loop.h"
#include "wampd/core/receive.h"
#include "wampd/core/session.h"
#include "wampd/core/shared.h"
#include "wampd/core/turn.h"
#include "wampd/handlers/jq_pool.h"
#include "wampd/handlers/types.h"
#include "wampd/join.h"
#include "wampd/net/deflate.h"
#include "wampd/wamp1/wamp1.h"

#define PEERS_MAX	16384

static struct fake_peer *peers[PEERS_MAX];
static size_t npeers;
static struct buf heard;	/* what fake_hear() returned last */
static struct deflate *deflate;	/* owned; or NULL */

static ssize_t
fake_write(void *conn, const char *bytes, size_t n)
{
	struct fake_peer *p = conn;

	if (p->broken)
		return -1;
	if (n > p->room) {
		n = p->room;
		session_block(p->session);
	}
	p->writes++;
	p->room -= n;
	p->taken += n;
	if (buf_add(&p->out, bytes, n) == -1)
		abort();
	return (ssize_t)n;
}

static void
fake_close(void *conn, uint16_t code, const char *reason,
    struct slice unsent)
{
	struct fake_peer *p = conn;

	(void)reason;
	(void)unsent;
	p->closed = true;
	p->code = code;
	p->session = NULL;
}

static void
fake_pause(void *conn, bool on)
{
	struct fake_peer *p = conn;

	p->paused = on;
}

static uint64_t
fake_taken(void *conn, bool *more)
{
	struct fake_peer *p = conn;

	*more = (p->taking || p->room == 0) && !p->silent;
	if (p->taking)
		p->taken++;
	return p->taken;
}

static struct address
fake_address(void *conn)
{
	return ((const struct fake_peer *)conn)->from;
}

static int
fake_describe(void *conn, struct buf *out)
{
	(void)conn;
	return buf_add_str(out, "fake");
}

static const struct transport_ops line_ops = {
	.name = "line", .wire = WIRE_LINE, .trusted = true,
	.write = fake_write, .close = fake_close, .pause = fake_pause,
	.taken = fake_taken, .describe = fake_describe,
};

static const struct transport_ops ws_ops = {
	.name = "frame", .wire = WIRE_WS, .keepalive = true,
	.write = fake_write, .close = fake_close, .pause = fake_pause,
	.taken = fake_taken, .address = fake_address,
	.describe = fake_describe,
};

static const struct transport_ops compressed_ops = {
	.name = "frame", .wire = WIRE_WS, .keepalive = true,
	.compressed = true,
	.write = fake_write, .close = fake_close, .pause = fake_pause,
	.taken = fake_taken, .address = fake_address,
	.describe = fake_describe,
};

static const struct principal local = {
	.who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_LOCAL | WHO_LOOPBACK,
	.name = "local:test",
};

/* ---- the loop ---- */

struct loop_watch {
	int    fd;
	bool   write;
	void (*ready)(void *arg, int64_t now);
	void  *arg;
};

#define WATCHES_MAX	64
#define WAIT		20	/* ms until another look at what is due */

static struct loop_watch *watches[WATCHES_MAX];
static size_t nwatches;

static struct loop_watch *
fake_watch(void *ctx, int fd, void (*ready)(void *arg, int64_t now),
    void *arg)
{
	struct loop_watch *w = calloc(1, sizeof(*w));

	(void)ctx;
	if (w == NULL || nwatches == WATCHES_MAX)
		abort();
	w->fd = fd;
	w->ready = ready;
	w->arg = arg;
	watches[nwatches++] = w;
	return w;
}

static void
fake_want_write(struct loop_watch *w, bool on)
{
	w->write = on;
}

static void
fake_unwatch(struct loop_watch *w)
{
	size_t i;

	for (i = 0; i < nwatches && watches[i] != w; i++)
		;
	watches[i] = watches[--nwatches];
	free(w);
}

static const struct loop_ops fake_loop_ops = {
	.watch = fake_watch, .want_write = fake_want_write,
	.unwatch = fake_unwatch,
};

/* One that is ready is told. */
static void
poll_once(struct broker *b)
{
	struct pollfd p[WATCHES_MAX];
	size_t i;

	for (i = 0; i < nwatches; i++)
		p[i] = (struct pollfd){ .fd = watches[i]->fd, .events =
		    watches[i]->write ? POLLIN | POLLOUT : POLLIN };
	if (poll(p, nwatches, WAIT) <= 0)
		return;
	for (i = 0; p[i].revents == 0; i++)
		;
	watches[i]->ready(watches[i]->arg, b->now);
}

struct jq_pool *
fake_jq(const struct broker *b)
{
	return shared_find(b, &handler_jq);
}

/* When time is all that a process waits for before it is started again, it
 * passes. */
static bool
pass_delay(struct broker *b)
{
	const struct jq_pool *jq = fake_jq(b);
	const struct jq_slot *s = jq->slots;
	size_t i;

	for (i = 0; i < jq->n; i++)
		if (s[i].worker == NULL && !TAILQ_EMPTY(&s[i].ready) &&
		    s[i].start_at > b->now) {
			broker_set_now(b, s[i].start_at);
			return true;
		}
	return false;
}

void
fake_step(struct broker *b)
{
	(void)turn_end(b);
	if (fake_jq(b)->njobs > 0 && !pass_delay(b))
		poll_once(b);
}

void
fake_settle(struct broker *b)
{
	const struct jq_pool *jq = fake_jq(b);

	while (jq != NULL && jq->njobs > 0)
		fake_step(b);
}

struct broker_settings
fake_settings(void)
{
	return (struct broker_settings){
		.compat = WAMP_COMPAT_ORO,
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
		.jq_memory = 256 << 20,
		.jq_workers = 2,
		.limit_sessions = 1000,
		.limit_subscriptions = 1000,
		.stall = 1000,
		.stall_window = 10000,
		.ident = "test",
		.maintenance_topic = "oro/maintenance",
	};
}

struct broker *
fake_broker(const struct broker_settings *set)
{
	static const struct broker_parts none;

	return fake_broker_of(set, &none);
}

struct broker_parts
fake_parts(const char *routes, const char *handlers)
{
	struct broker_parts parts = { .types = NULL };
	struct diags d = { 0 };

	parts.first = core_parts(slice_str(routes), slice_str(handlers), &d);
	parts.first.diags = NULL;
	diag_clear(&d);
	return parts;
}

struct broker *
fake_broker_of(const struct broker_settings *set,
    const struct broker_parts *parts)
{
	struct broker_parts all = *parts;
	struct diags d = { 0 };
	struct errbuf e;
	struct broker *b;

	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	all.first.diags = &d;
	all.loop = &fake_loop_ops;
	all.types = handler_types;
	if ((b = join_broker(set, &all, &e)) == NULL) {
		diag_print(&d, stderr);
		(void)fprintf(stderr, "%s\n", e.msg);
		abort();
	}
	diag_clear(&d);
	broker_set_now(b, 0);
	return b;
}

static struct fake_peer *
open_from(struct broker *b, const struct transport_ops *ops,
    const struct address *from, const struct principal *who)
{
	struct fake_peer *p = calloc(1, sizeof(*p));
	char want[64];

	if (p == NULL || npeers == PEERS_MAX)
		abort();
	peers[npeers++] = p;
	p->room = SIZE_MAX;
	p->from = *from;
	p->session = lobby_open(b, ops, &protocol_wamp1, p, who);
	if (p->session == NULL)
		return p;
	memcpy(p->id, p->session->id, sizeof(p->id));
	(void)snprintf(want, sizeof(want), "%s[0,\"%s\",1,\"test\"]\n",
	    ops->wire == WIRE_WS ? "TEXT " : "", p->id);
	if (strcmp(fake_hear(p), want) != 0)
		abort();
	return p;
}

static struct fake_peer *
open_with(struct broker *b, const struct transport_ops *ops)
{
	return open_from(b, ops, &(struct address){ 0 }, ops->wire == WIRE_WS ?
	    &principal_anonymous_loopback : &local);
}

struct fake_peer *
fake_open_from(struct broker *b, const struct address *from,
    const struct principal *who)
{
	return open_from(b, &ws_ops, from, who);
}

struct fake_peer *
fake_open(struct broker *b, enum wire wire)
{
	return open_with(b, wire == WIRE_WS ? &ws_ops : &line_ops);
}

struct fake_peer *
fake_open_compressed(struct broker *b)
{
	if (deflate == NULL && (deflate = deflate_new()) == NULL)
		abort();
	b->compressor = (struct compressor){ .compress = deflate_compress,
	    .ctx = deflate };
	return open_with(b, &compressed_ops);
}

bool
fake_say(struct fake_peer *p, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;
	bool on;

	va_start(ap, fmt);
	if (buf_vaddf(&text, fmt, ap) == -1)
		abort();
	va_end(ap);
	on = receive_message(p->session, buf_slice(&text), false);
	buf_clear(&text);
	return on;
}

int64_t
fake_turn(struct broker *b)
{
	return turn_end(b);
}

void
fake_flood(struct broker *b, struct fake_peer *p)
{
	while (fake_say(p, "[7,\"t\",\"%0100d\"]", 0))
		fake_turn(b);
}

void
fake_pass(struct broker *b, int64_t ms)
{
	int64_t end = b->now + ms, wait;

	while ((wait = fake_turn(b)) != -1 && b->now + wait <= end)
		broker_set_now(b, b->now + wait);
	broker_set_now(b, end);
}

static int
add_payload(bool compressed, struct slice payload)
{
	if (!compressed)
		return buf_add_slice(&heard, payload);
	return deflate_inflate(deflate, payload, 1 << 20, &heard) ==
	    DEFLATE_OK ? 0 : -1;
}

/* One unmasked frame of the server; returns its length. */
static size_t
read_frame(const struct buf *out, size_t at)
{
	const unsigned char *f = (const unsigned char *)out->data + at;
	size_t header = 2, len = f[1], i;

	if (len == 126) {
		len = (size_t)f[2] << 8 | f[3];
		header = 4;
	} else if (len == 127) {
		for (len = 0, i = 2; i < 10; i++)
			len = len << 8 | f[i];
		header = 10;
	}
	if (buf_add_str(&heard, f[0] == 0x81 ? "TEXT " : f[0] == 0xc1 ?
	    "PACKED " : f[0] == 0x89 ? "PING " : "? ") == -1 ||
	    add_payload(f[0] == 0xc1, slice_of((const char *)f + header,
	    len)) == -1 || buf_add_char(&heard, '\n') == -1)
		abort();
	return header + len;
}

const char *
fake_hear(struct fake_peer *p)
{
	size_t at = 0;
	bool frames = p->session != NULL && p->session->ops->wire == WIRE_WS;

	if (p->session != NULL) {
		fake_settle(p->session->broker);
		(void)turn_end(p->session->broker);
	}
	buf_reset(&heard);
	if (!frames && buf_add_slice(&heard, buf_slice(&p->out)) == -1)
		abort();
	while (frames && at < p->out.len)
		at += read_frame(&p->out, at);
	buf_reset(&p->out);
	return buf_cstr(&heard);
}

bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

void
fake_drain(struct fake_peer *p, size_t room)
{
	p->room = room;
	if (p->session != NULL)
		session_writable(p->session);
}

void
fake_leave(struct fake_peer *p)
{
	struct session *s = p->session;

	p->session = NULL;
	session_gone(s, "left");
}

void
fake_end(struct broker *b)
{
	broker_free(b);
	while (npeers > 0) {
		buf_clear(&peers[--npeers]->out);
		free(peers[npeers]);
	}
	buf_clear(&heard);
	deflate_free(deflate);
	deflate = NULL;
}
