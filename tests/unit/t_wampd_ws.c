/*
 * t_wampd_ws.c: the states of a WebSocket connection.  In the end, all edges of
 * the picture in ws_conn.h have been taken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_frame.h"
#include "proto/close_code.h"
#include "tap.h"
#include "tls_socket.h"
#include "wampd/core/session.h"
#include "ws_asking.h"
#include "ws_loop.h"
#include "ws_paging.h"
#include "ws_proxying.h"

#define HOUR	(3600 * 1000)	/* ms */
#define HEADS	200		/* more than are judged in a turn */

static uint16_t taken[CONN_STATES];

static struct loop *
open_loop(void)
{
	struct loop *s = ws_loop_open(NULL, NULL);

	tap_int(s->ws->farewells.time, 3000, "a farewell takes 3 s");
	s->ws->farewells.time = HOUR;
	return s;
}

/* Nothing is left once the peer has hung up. */
static void
close_loop(struct loop *s, int fd, const char *what)
{
	(void)close(fd);
	tap_ok(loop_settle(s), "%s: the loop rests in the end", what);
	tap_ok(ws_is_empty(s), "%s: and nothing is left", what);
	ws_loop_close(s, taken);
}

/* The broker closes the only session. */
static void
doom(struct loop *s, uint16_t code, const char *reason)
{
	session_doom(TAILQ_FIRST(&s->broker->sessions.open), code, reason);
}

static void
check_state(const struct ws_conn *c, enum conn_state state, const char *what)
{
	tap_int(c == NULL ? -1 : c->state, state, "%s: its state", what);
}

/* ---- the usual way ---- */

static void
test_session(void)
{
	struct loop *s = open_loop();
	struct buf got = { 0 };
	int fd = ws_peer_open(s);

	peer_say(fd, WS_REQUEST);
	(void)peer_hear(s, fd, &got);
	tap_int((int64_t)got.len, 0, "half a head is not answered");
	check_state(ws_visit_conn(s), CONN_HEAD, "half a head");
	peer_say(fd, "\r\n");
	(void)peer_hear(s, fd, &got);
	tap_slice(buf_slice(&got), WS_ANSWER, "the whole one is");
	check_state(ws_session_conn(s), CONN_OPEN, "the whole head");
	tap_ok(ws_visit_conn(s) == NULL, "it has left the door");
	ws_peer_frame(fd, TEXT, "one");
	ws_peer_frame(fd, BINARY, "two");
	ws_peer_frame(fd, PING, "three");
	tap_str(ws_peer_frames(s, fd), "text one\nbinary two\npong three\n",
	    "it is answered in order");
	ws_peer_frame(fd, CLOSE, "\x03\xe8" "bye");
	tap_str(ws_peer_frames(s, fd), "close 1000 bye\nEND\n",
	    "a Close is answered with the same, and ends the connection");
	check_state(ws_farewell_conn(s), CONN_FAREWELL, "after its Close");
	tap_int((int64_t)s->broker->sessions.n, 0, "the session has ended");
	buf_clear(&got);
	close_loop(s, fd, "a session");
}

static void
test_empty_close(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	ws_peer_frame(fd, CLOSE, "");
	tap_str(ws_peer_frames(s, fd), "close\nEND\n",
	    "a Close without a code is answered without one");
	close_loop(s, fd, "a Close without a code");
}

/* In one write with what is before it, and what is behind it. */
static void
test_behind_close(void)
{
	struct loop *s = open_loop();
	struct buf all = { 0 };
	int fd = ws_peer_session(s);

	client_frame_add(&all, TEXT, SLICE("before"));
	client_frame_add(&all, CLOSE, SLICE("\x0f\xa0"));
	client_frame_add(&all, TEXT, SLICE("behind"));
	client_frame_add(&all, CLOSE, SLICE(""));
	(void)peer_write(fd, buf_slice(&all));
	tap_str(ws_peer_frames(s, fd), "text before\nclose 4000\nEND\n",
	    "nothing behind a Close is processed");
	ws_peer_frame(fd, TEXT, "later");
	tap_str(ws_peer_frames(s, fd), "END\n", "nor what comes later");
	tap_int((int64_t)s->broker->stats.messages, 1, "one message counts");
	buf_clear(&all);
	close_loop(s, fd, "behind a Close");
}

/* ---- our Close ---- */

static void
test_goodbye(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	doom(s, CLOSE_RESTART, "a restart");
	tap_str(ws_peer_frames(s, fd), "close 1012 a restart\n",
	    "our Close does not end the connection");
	check_state(ws_farewell_conn(s), CONN_GOODBYE, "our Close");
	ws_peer_frame(fd, TEXT, "not read yet");
	ws_peer_frame(fd, PING, "");
	tap_str(ws_peer_frames(s, fd), "", "nothing is answered any more");
	ws_peer_frame(fd, CLOSE, "\x03\xf4");
	tap_str(ws_peer_frames(s, fd), "END\n", "its Close ends it");
	check_state(ws_farewell_conn(s), CONN_FAREWELL, "both have closed");
	close_loop(s, fd, "our Close");
}

/* hang_up: the peer does not answer with a Close; else: with nothing. */
static void
test_goodbye_unanswered(bool hang_up)
{
	const char *what = hang_up ? "our Close, and it hangs up" :
	    "our Close, and it says nothing";
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	doom(s, CLOSE_POLICY, "");
	tap_str(ws_peer_frames(s, fd), "close 1008\n", "%s", what);
	if (hang_up) {
		(void)shutdown(fd, SHUT_WR);
		tap_str(ws_peer_frames(s, fd), "END\n", "%s: it ends", what);
	} else {
		ws_pass(s, HOUR - 1000);
		tap_str(ws_peer_frames(s, fd), "", "%s: it has time", what);
		ws_pass(s, 1000);
		tap_str(ws_peer_frames(s, fd), "END\n", "%s: not for ever",
		    what);
	}
	tap_ok(ws_is_empty(s), "%s: nothing is left", what);
	close_loop(s, fd, what);
}

/* A session that was not read from must hear the Close. */
static void
test_goodbye_paused(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	stream_pause(&ws_session_conn(s)->stream, true);
	ws_peer_frame(fd, TEXT, "not read");
	ws_peer_frame(fd, CLOSE, "");
	(void)loop_settle(s);
	doom(s, CLOSE_RESTART, "");
	tap_str(ws_peer_frames(s, fd), "close 1012\nEND\n",
	    "a paused session is read from after our Close");
	close_loop(s, fd, "our Close, paused");
}

static void
test_drop(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	doom(s, 0, "for no reason");
	tap_str(ws_peer_frames(s, fd), "END\n",
	    "a connection that is dropped gets no Close");
	check_state(ws_farewell_conn(s), CONN_FAREWELL, "dropped");
	ws_pass(s, HOUR);
	(void)loop_settle(s);
	tap_ok(ws_is_empty(s), "it is not waited for for ever");
	close_loop(s, fd, "dropped");
}

/* Its frames cannot be read any more, so its Close is not waited for. */
static void
test_fault(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_session(s);

	ws_peer_frame(fd, FIN | 0x3, "reserved");
	ws_peer_frame(fd, TEXT, "behind it");
	tap_str(ws_peer_frames(s, fd), "close 1002 reserved opcode\nEND\n",
	    "a fault ends the connection");
	close_loop(s, fd, "a fault");
}

/* ---- who hangs up ---- */

static void
hang_up(const char *what, const char *first, enum conn_state state)
{
	struct loop *s = open_loop();
	int fd = ws_peer_open(s);

	peer_say(fd, first);
	(void)loop_settle(s);
	check_state(state == CONN_OPEN ? ws_session_conn(s) : ws_visit_conn(s),
	    state, what);
	close_loop(s, fd, what);
}

/* It leaves so that nothing can be said to it any more. */
static void
test_close_and_gone(void)
{
	struct loop *s = open_loop();
	int fd = ws_peer_open(s);

	peer_say(fd, WS_REQUEST "\r\n");
	(void)loop_settle(s);
	ws_peer_frame(fd, CLOSE, "");
	close_loop(s, fd, "a Close, and gone");
}

/* ---- requests ---- */

static void
test_refused(void)
{
	struct loop *s = open_loop();
	struct buf got = { 0 };
	int fd = ws_peer_open(s);

	peer_say(fd, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
	tap_ok(!peer_hear(s, fd, &got), "a refusal ends the connection");
	tap_ok(slice_starts(buf_slice(&got), SLICE("HTTP/1.1 426 ")),
	    "with a status");
	check_state(ws_farewell_conn(s), CONN_FAREWELL, "refused");
	tap_int((int64_t)s->broker->stats.refused_no_upgrade, 1,
	    "it is counted");
	buf_clear(&got);
	close_loop(s, fd, "refused");
}

static void
test_full(void)
{
	struct broker_settings core = fake_settings();
	struct buf got = { 0 };
	struct loop *s;
	int fd;

	core.limit_sessions = 0;
	core.come_back = COME_BACK_CODE;
	s = ws_loop_open(&core, NULL);
	fd = ws_peer_open(s);
	peer_say(fd, WS_REQUEST "\r\n");
	tap_ok(peer_hear(s, fd, &got), "a full broker says goodbye");
	tap_slice(buf_slice(&got), WS_ANSWER "\x88\x17\x03\xf5"
	    "no room for a session", "with a code");
	check_state(ws_farewell_conn(s), CONN_GOODBYE, "full");
	ws_peer_frame(fd, CLOSE, "\x03\xf5");
	tap_str(ws_peer_frames(s, fd), "END\n", "its Close ends it");
	buf_clear(&got);
	close_loop(s, fd, "full");
}

/* More heads than a turn judges.  In the midst of them, descriptors run out:
 * the oldest that is not judged goes. */
static void
test_ready(void)
{
	struct loop *s = open_loop();
	struct buf got = { 0 };
	int fd[HEADS], i, served = 0;

	for (i = 0; i < HEADS; i++) {
		fd[i] = ws_peer_open(s);
		peer_say(fd[i], WS_REQUEST "\r\n");
	}
	while (s->broker->sessions.n == 0)
		loop_turn(s);
	check_state(ws_visit_conn(s), CONN_READY, "many heads");
	tap_ok(!ws_make_room(s->ws), "who has just come need not go");
	ws_pass(s, 2000);
	tap_ok(ws_make_room(s->ws), "but soon one of them must");
	for (i = 0; i < HEADS; i++, buf_reset(&got))
		served += peer_hear(s, fd[i], &got) &&
		    slice_eq(buf_slice(&got), SLICE(WS_ANSWER));
	tap_int(served, HEADS - 1, "all others are served");
	for (i = 1; i < HEADS; i++)
		(void)close(fd[i]);
	buf_clear(&got);
	close_loop(s, fd[0], "many heads");
}

/* ---- TLS ---- */

static struct tls *tls;

/* A loop with TLS, and a server of HTTP at /plain. */
static struct loop *
open_tls(const struct site_server *server, struct tls_socket *t)
{
	struct ws_settings set = ws_loop_settings();
	struct address from = { .u.sa.sa_family = AF_UNIX };
	struct loop *s;
	int theirs, fd = peer_pair(SOCK_STREAM, &theirs);

	set.tls = tls;
	s = ws_loop_open(NULL, &set);
	(void)ws_serve(s->ws, "/plain", server);
	ws_adopt(s->ws, theirs, &from, true);
	tls_socket_open(t, fd, 0);
	check_state(ws_visit_conn(s), CONN_SECURING, "TLS");
	return s;
}

static void
close_tls(struct loop *s, struct tls_socket *t, const char *what)
{
	int fd = dup(t->fd);

	tls_socket_close(t);
	close_loop(s, fd, what);
}

static void
test_tls(void)
{
	struct tls_socket t;
	struct loop *s = open_tls(NULL, &t);
	struct buf got = { 0 };
	const char text[] = WS_REQUEST "\r\n";

	tap_ok(tls_socket_shake(&t, s), "a handshake of TLS");
	check_state(ws_visit_conn(s), CONN_HEAD, "TLS");
	tls_socket_say(&t, text, sizeof(text) - 1);
	(void)tls_socket_hear(&t, s, &got);
	tap_slice(buf_slice(&got), WS_ANSWER, "and a session");
	buf_clear(&got);
	close_tls(s, &t, "TLS");
}

static void
test_no_tls(bool talk)
{
	const char *what = talk ? "no TLS" : "gone before TLS";
	struct tls_socket t;
	struct loop *s = open_tls(NULL, &t);
	struct buf got = { 0 };

	if (talk) {
		peer_say(t.fd, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
		tap_ok(!peer_hear(s, t.fd, &got), "%s: the end", what);
		check_state(ws_farewell_conn(s), CONN_FAREWELL, what);
		tap_int((int64_t)s->broker->stats.tls_failed, 1,
		    "%s: it is counted", what);
		peer_say(t.fd, "and more of it");
		tap_ok(loop_settle(s), "%s: it may talk on", what);
		tap_int((int64_t)s->broker->stats.tls_failed, 1,
		    "%s: which does not count", what);
	}
	buf_clear(&got);
	close_tls(s, &t, what);
}

/* ---- servers of HTTP ---- */

/* Remembers what it was handed. */
static int served;
static char asked[512];

static void
serve(void *arg, const struct site_visit *v)
{
	(void)arg;
	served = v->fd;
	(void)snprintf(asked, sizeof(asked), "%.*s", (int)v->read.len,
	    v->read.p);
}

static const struct site_server server = { "test", serve, NULL };

#define PLAIN	"GET /plain HTTP/1.1\r\nHost: a.test\r\n" \
		"Connection: keep-alive\r\n\r\n"
#define PLAIN_CLOSE "GET /plain HTTP/1.1\r\nConnection: close\r\n" \
		"Host: a.test\r\n\r\n"

static void
test_relayed(bool answers)
{
	const char *what = answers ? "behind TLS" : "behind TLS, and gone";
	struct tls_socket t;
	struct loop *s = open_tls(&server, &t);
	struct buf got = { 0 };

	tap_ok(tls_socket_shake(&t, s), "%s: a handshake", what);
	tls_socket_say(&t, PLAIN, strlen(PLAIN));
	(void)loop_settle(s);
	tap_str(asked, PLAIN_CLOSE, "%s: a request is handed over", what);
	if (answers) {
		peer_say(served, "answer");
		(void)close(served);
		(void)tls_socket_hear(&t, s, &got);
		tap_slice(buf_slice(&got), "answer", "%s: what is answered",
		    what);
		check_state(ws_farewell_conn(s), CONN_FAREWELL, what);
	} else {
		(void)shutdown(t.fd, SHUT_RDWR);
		(void)loop_settle(s);
		tap_int(send(served, "x", 1, MSG_NOSIGNAL), -1,
		    "%s: the server learns that", what);
		(void)close(served);
	}
	close_tls(s, &t, what);
	buf_clear(&got);
}

int
main(void)
{
	enum conn_state from;

	tls = tls_socket_server();
	test_session();
	test_empty_close();
	test_behind_close();
	test_goodbye();
	test_goodbye_unanswered(false);
	test_goodbye_unanswered(true);
	test_goodbye_paused();
	test_drop();
	test_fault();
	hang_up("gone in silence", "", CONN_HEAD);
	hang_up("gone in the head", WS_REQUEST, CONN_HEAD);
	hang_up("gone from a session", WS_REQUEST "\r\n", CONN_OPEN);
	test_close_and_gone();
	test_refused();
	test_full();
	test_ready();
	test_tls();
	test_no_tls(true);
	test_no_tls(false);
	test_relayed(true);
	test_relayed(false);
	asking_test(taken);
	proxying_test(tls, taken);
	paging_test(taken);
	tls_free(tls);
	loop_end_threads();
	for (from = 0; from < CONN_STATES; from++)
		tap_int(taken[from], ws_edges(from),
		    "all ways out of state %d were taken", (int)from);
	return tap_done();
}
