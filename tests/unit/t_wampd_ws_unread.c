/*
 * t_wampd_ws_unread.c: WebSocket connections whose peers do not read what they
 * are sent, or read it late.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_frame.h"
#include "proto/close_code.h"
#include "tap.h"
#include "wampd/core/session.h"
#include "ws_loop.h"

#define HOUR	(3600 * 1000)	/* ms */
#define LARGE	40000		/* bytes; more than small sockets take */
#define HUGE_SIZE 400000	/* bytes; more than is kept for a goodbye */
#define PINGS	5000

static uint16_t taken[CONN_STATES];

static void
close_loop(struct loop *s, int fd, const char *what)
{
	(void)close(fd);
	tap_ok(loop_settle(s), "%s: the loop rests in the end", what);
	tap_ok(ws_is_empty(s), "%s: and nothing is left", what);
	ws_loop_close(s, taken);
}

/* ---- pings ---- */

static void
test_pings(void)
{
	struct loop *s = ws_loop_open(NULL, NULL);
	struct buf all = { 0 }, want = { 0 }, got = { 0 };
	int fd = ws_peer_session(s), i;
	char number[16];

	for (i = 0; i < 1000; i++) {
		(void)snprintf(number, sizeof(number), "%d", i);
		client_frame_add(&all, PING, slice_str(number));
		server_frame_add(&want, PONG, slice_str(number));
	}
	(void)peer_write(fd, buf_slice(&all));
	(void)peer_hear(s, fd, &got);
	tap_ok(slice_eq(buf_slice(&got), buf_slice(&want)),
	    "each of many pings is answered, in order");
	buf_clear(&all);
	buf_clear(&want);
	buf_clear(&got);
	close_loop(s, fd, "pings");
}

/* It sends pings, and does not read. */
static void
test_ping_flood(void)
{
	struct broker_settings core = fake_settings();
	struct buf all = { 0 };
	struct loop *s;
	size_t most = 0, n = 1;
	int fd, i;

	core.limit_queue = 20000;
	s = ws_loop_open(&core, NULL);
	s->broker->set.stall = HOUR / 2;
	fd = ws_peer_session(s);
	for (i = 0; i < PINGS; i++)
		client_frame_add(&all, PING, SLICE("twenty bytes of them"));
	for (i = 0; i < 1000 && n > 0; i++) {
		n = peer_write(fd, buf_slice(&all));
		if (!loop_settle(s))
			break;
		if (s->broker->pressure.frame_bytes > most)
			most = s->broker->pressure.frame_bytes;
	}
	tap_ok(n == 0, "a flood of pings is not read any more");
	tap_ok(ws_session_conn(s)->stream.paused, "its sender is paused");
	tap_ok(most < 4 * core.limit_queue, "its answers stay bounded");
	tap_ok(stream_rest(&ws_session_conn(s)->stream).len <= STREAM_READ,
	    "and what is not handled yet");
	ws_pass(s, HOUR);
	(void)loop_settle(s);
	tap_int((int64_t)s->broker->sessions.n, 0, "in the end it is dropped");
	buf_clear(&all);
	close_loop(s, fd, "a flood of pings");
}

/* ---- events ---- */

/* An event of so many bytes fills the socket. */
static int
open_blocked(struct loop **s, size_t size)
{
	struct broker_settings core = fake_settings();
	struct buf large = { 0 }, frame = { 0 };
	int fd, small = 4608;

	core.limit_message = HUGE_SIZE;
	*s = ws_loop_open(&core, NULL);
	fd = ws_peer_session(*s);
	(void)setsockopt(ws_session_conn(*s)->stream.fd, SOL_SOCKET, SO_SNDBUF,
	    &small, sizeof(small));
	(void)buf_fill(&large, 'x', size);
	client_frame_add(&frame, BINARY, buf_slice(&large));
	(void)peer_write(fd, buf_slice(&frame));
	tap_ok(loop_settle(*s), "the loop rests while a socket is full");
	tap_ok(stream_is_blocked(&ws_session_conn(*s)->stream), "it is full");
	buf_clear(&large);
	buf_clear(&frame);
	return fd;
}

/* A frame of which the peer has got a part.  ends: the peer ends its output. */
static void
test_cut(size_t size, uint16_t code, bool ends)
{
	struct loop *s;
	struct buf got = { 0 }, want = { 0 }, large = { 0 };
	int fd = open_blocked(&s, size);
	bool whole = size == LARGE && code != 0;

	session_doom(TAILQ_FIRST(&s->broker->sessions.open), code, "");
	(void)loop_settle(s);
	if (ends)
		(void)shutdown(fd, SHUT_WR);
	tap_ok(loop_settle(s), "the loop rests while that waits");
	(void)buf_fill(&large, 'x', size);
	server_frame_add(&want, BINARY, buf_slice(&large));
	if (whole)
		server_frame_add(&want, CLOSE, SLICE("\x03\xf0"));
	tap_ok(peer_hear(s, fd, &got) == (whole && !ends),
	    "the end of %zu bytes, %u", size, code);
	if (whole)
		tap_ok(slice_eq(buf_slice(&got), buf_slice(&want)),
		    "a Close comes behind a whole frame");
	else
		tap_ok(got.len < want.len && slice_eq(buf_slice(&got),
		    slice_of(want.data, got.len)),
		    "what is dropped gets nothing more");
	buf_clear(&got);
	buf_clear(&want);
	buf_clear(&large);
	close_loop(s, fd, "a frame in part");
}

/* It sends a Close before it has read all that was queued.  ends: and the end
 * of its output. */
static void
test_queued(size_t size, bool ends)
{
	struct loop *s;
	struct buf got = { 0 }, want = { 0 }, large = { 0 };
	int fd = open_blocked(&s, size);

	ws_peer_frame(fd, TEXT, "behind it");
	ws_peer_frame(fd, CLOSE, "\x03\xe8");
	if (ends)
		(void)shutdown(fd, SHUT_WR);
	tap_ok(loop_settle(s), "the loop rests while that waits");
	(void)buf_fill(&large, 'x', size);
	server_frame_add(&want, BINARY, buf_slice(&large));
	server_frame_add(&want, TEXT, SLICE("behind it"));
	server_frame_add(&want, CLOSE, SLICE("\x03\xe8"));
	tap_ok(!peer_hear(s, fd, &got), "its Close ends the connection");
	if (size == LARGE)
		tap_ok(slice_eq(buf_slice(&got), buf_slice(&want)),
		    "when it has got all");
	else
		tap_ok(got.len < size, "even if it has got less");
	buf_clear(&got);
	buf_clear(&want);
	buf_clear(&large);
	close_loop(s, fd, "a queue and a Close");
}

int
main(void)
{
	test_pings();
	test_ping_flood();
	test_cut(LARGE, CLOSE_POLICY, false);
	test_cut(LARGE, CLOSE_POLICY, true);
	test_cut(LARGE, 0, false);
	test_cut(HUGE_SIZE / 2, CLOSE_POLICY, false);
	test_queued(LARGE, false);
	test_queued(LARGE, true);
	test_queued(HUGE_SIZE / 2, false);
	return tap_done();
}
