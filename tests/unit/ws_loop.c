/*
 * ws_loop.c: the WebSocket transport on a loop of its own.
 */
#include "ws_loop.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "client_frame.h"
#include "proto/close_code.h"
#include "wampd/core/address.h"
#include "wampd/core/frame.h"
#include "wampd/core/session.h"
#include "wampd/core/slow.h"
#include "wampd/net/ws_conn.h"
#include "wampd/net/ws_head.h"
#include "ws_answer.h"

/* ---- a protocol ---- */

static int
echo_opened(struct session *s)
{
	(void)s;
	return 0;
}

static void
echo_receive(struct session *s, struct slice message, bool binary)
{
	struct frame *f = frame_new_control(&s->broker->pressure.frame_bytes,
	    binary ? WS_BINARY : WS_TEXT, message.len > 0 ? message :
	    SLICE(""));

	if (f == NULL)
		abort();
	/* As an event: who does not read is slow. */
	f->overflow = OVERFLOW_DISCONNECT;
	(void)session_send(s, f);
}

static void
echo_oversized(struct session *s)
{
	session_doom(s, CLOSE_TOO_BIG, "too large");
}

static void
echo_closed(struct session *s)
{
	(void)s;
}

const struct protocol protocol_echo = {
	.name = "echo",
	.opened = echo_opened,
	.receive = echo_receive,
	.oversized = echo_oversized,
	.closed = echo_closed,
};

/* ---- the loop ---- */

struct ws_settings
ws_loop_settings(void)
{
	return (struct ws_settings){
		.protocol = &protocol_echo,
		.handshake = 3600 * 1000,
		.handshakes = 10000,
		.handshakes_address = 10000,
		.limit_head = 16384,
		.origin.by_address = true,
	};
}

static int64_t
wall(void)
{
	return 1784111471000;	/* Wed, 15 Jul 2026 10:31:11 GMT */
}

struct loop *
ws_loop_open(const struct broker_settings *core, const struct ws_settings *set)
{
	struct broker_settings core_set = core != NULL ? *core :
	    fake_settings();
	struct ws_settings ws_set = set != NULL ? *set : ws_loop_settings();
	struct errbuf e;
	struct loop *s;

	/* Nobody is dropped for being slow on a slow machine. */
	core_set.stall = INT64_MAX / 2;
	s = loop_new(&core_set);
	s->broker->wall = wall;
	if ((s->ws = ws_new(s->streams, s->broker, &ws_set, &e)) == NULL)
		abort();
	return s;
}

void
ws_loop_close(struct loop *s, uint16_t taken[CONN_STATES])
{
	size_t i;

	for (i = 0; i < CONN_STATES; i++)
		taken[i] |= s->ws->taken[i];
	loop_close(s);
}

void
ws_pass(struct loop *s, int64_t ms)
{
	struct slow *slow;
	struct visit *v;

	TAILQ_FOREACH(v, &s->ws->door.visits.list, link)
		v->since -= ms;
	TAILQ_FOREACH(v, &s->ws->relays.list, link)
		v->since -= ms;
	TAILQ_FOREACH(v, &s->ws->kept.list, link)
		v->since -= ms;
	TAILQ_FOREACH(v, &s->ws->farewells.list, link)
		v->since -= ms;
	TAILQ_FOREACH(slow, &s->broker->pressure.slow, link) {
		slow->since -= ms;
		slow->due -= ms;
	}
}

/* ---- connections ---- */

static struct ws_conn *
first_of(const struct visits *all)
{
	struct visit *v = TAILQ_FIRST(&all->list);

	return v == NULL ? NULL : ((struct ws_visit *)(void *)v)->conn;
}

struct ws_conn *
ws_visit_conn(const struct loop *s)
{
	return first_of(&s->ws->door.visits);
}

struct ws_conn *
ws_farewell_conn(const struct loop *s)
{
	return first_of(&s->ws->farewells);
}

struct ws_conn *
ws_session_conn(const struct loop *s)
{
	const struct session *first = TAILQ_FIRST(&s->broker->sessions.open);

	return first == NULL ? NULL : first->conn;
}

bool
ws_is_empty(const struct loop *s)
{
	return s->broker->sessions.n == 0 && ws_visit_conn(s) == NULL &&
	    ws_farewell_conn(s) == NULL && s->ws->relays.n == 0 &&
	    s->ws->kept.n == 0 &&
	    s->ws->door.origins.count == 0;
}

/* ---- peers ---- */

int
ws_peer_plain(struct loop *s, const char *address)
{
	struct address from = { .u.in.sin_family = AF_INET };
	int fd, theirs;

	if (inet_pton(AF_INET, address, &from.u.in.sin_addr) != 1)
		abort();
	fd = peer_pair(SOCK_STREAM, &theirs);
	ws_adopt(s->ws, theirs, &from, WS_PLAIN);
	return fd;
}

int
ws_peer_from(struct loop *s, int type, const char *address)
{
	struct address from = { .u.in.sin_family = AF_INET };
	int fd, theirs;

	if (inet_pton(AF_INET, address, &from.u.in.sin_addr) != 1)
		abort();
	fd = peer_pair(type, &theirs);
	ws_adopt(s->ws, theirs, &from, false);
	return fd;
}

int
ws_peer_open(struct loop *s)
{
	return ws_peer_from(s, SOCK_STREAM, "127.0.0.1");
}

int
ws_peer_tcp(struct loop *s)
{
	struct address from;
	int fd, theirs;

	fd = peer_tcp(&theirs);
	from = address_of_peer(theirs);
	ws_adopt(s->ws, theirs, &from, false);
	return fd;
}

int
ws_peer_session(struct loop *s)
{
	int fd = ws_peer_open(s);
	struct buf got = { 0 };

	peer_say(fd, WS_REQUEST "\r\n");
	if (!peer_hear(s, fd, &got) ||
	    !slice_eq(buf_slice(&got), SLICE(WS_ANSWER)))
		abort();
	buf_clear(&got);
	return fd;
}

void
ws_peer_frame(int fd, unsigned first, const char *payload)
{
	struct buf frame = { 0 };

	client_frame_add(&frame, first, slice_str(payload));
	if (peer_write(fd, buf_slice(&frame)) != frame.len)
		abort();
	buf_clear(&frame);
}

const char *
ws_peer_frames(struct loop *s, int fd)
{
	static char lines[8192];
	struct buf got = { 0 }, text = { 0 };
	struct errbuf e = { "" };
	bool open = peer_hear(s, fd, &got);

	if (ws_frames_read(buf_slice(&got), false, &text, &e) == -1 ||
	    (!open && buf_add_str(&text, "END\n") == -1) ||
	    buf_addf(&text, "%s", e.msg) == -1 ||
	    text.len >= sizeof(lines))
		abort();
	memcpy(lines, buf_cstr(&text), text.len + 1);
	buf_clear(&text);
	buf_clear(&got);
	return lines;
}
