/*
 * t_wampd_ws_crowd.c: many WebSocket connections at once: bounds of those that
 * are no session yet, turns, and thousands that leave at the same time.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_frame.h"
#include "tap.h"
#include "wampd/wamp1/wamp1.h"
#include "ws_loop.h"

#define CROWD_MAX 1000	/* connections; many turns */
#define OTHERS	100	/* descriptors */
#define LISTENERS 200		/* receivers of each event */
#define EVENTS	2000		/* one read takes them all */
#define BOMB	8000		/* bytes of a message, decompressed */
#define HOUR	(3600 * 1000)	/* ms */

static uint16_t taken[CONN_STATES];
static size_t crowd;	/* connections that descriptors allow */

struct crowd {
	struct loop *loop;
	int	     fd[CROWD_MAX];		/* -1: closed */
};

static void
crowd_open(struct crowd *c, const struct ws_settings *set)
{
	struct broker_settings core = fake_settings();

	core.limit_sessions = 10 * CROWD_MAX;
	c->loop = ws_loop_open(&core, set);
	memset(c->fd, -1, sizeof(c->fd));
}

static void
crowd_close(struct crowd *c, const char *what)
{
	size_t i;

	for (i = 0; i < crowd; i++)
		if (c->fd[i] != -1)
			(void)close(c->fd[i]);
	tap_ok(loop_settle(c->loop), "%s: the loop rests in the end", what);
	tap_ok(ws_is_empty(c->loop), "%s: nothing is left", what);
	ws_loop_close(c->loop, taken);
}

/* Whether the connection has ended, and nothing was said on it. */
static bool
is_closed(struct crowd *c, size_t i)
{
	struct buf got = { 0 };
	bool open = peer_hear(c->loop, c->fd[i], &got);

	tap_int((int64_t)got.len, 0, "nothing was said to %zu", i);
	buf_clear(&got);
	return !open;
}

/* ---- bounds ---- */

static void
test_handshakes(void)
{
	struct ws_settings set = ws_loop_settings();
	struct crowd c;
	size_t i;

	set.handshakes = 3;
	crowd_open(&c, &set);
	for (i = 0; i < 5; i++)
		c.fd[i] = ws_peer_open(c.loop);
	tap_ok(is_closed(&c, 0) && is_closed(&c, 1),
	    "if there are too many, the oldest go");
	tap_ok(!is_closed(&c, 2) && !is_closed(&c, 3) && !is_closed(&c, 4),
	    "and the others stay");
	tap_int((int64_t)c.loop->broker->stats.handshakes_displaced, 2,
	    "that is counted");
	peer_say(c.fd[2], WS_REQUEST "\r\n");
	(void)loop_settle(c.loop);
	c.fd[5] = ws_peer_open(c.loop);
	tap_ok(!is_closed(&c, 3), "a session is not one of them");
	crowd_close(&c, "handshakes");
}

static void
test_handshakes_address(void)
{
	struct ws_settings set = ws_loop_settings();
	struct crowd c;
	size_t i;

	set.handshakes_address = 2;
	crowd_open(&c, &set);
	for (i = 0; i < 3; i++)
		c.fd[i] = ws_peer_from(c.loop, SOCK_STREAM, "192.0.2.1");
	c.fd[3] = ws_peer_from(c.loop, SOCK_STREAM, "192.0.2.2");
	for (i = 4; i < 10; i++)
		c.fd[i] = ws_peer_open(c.loop);
	tap_ok(is_closed(&c, 0), "the oldest of an address goes");
	for (i = 1; i < 10; i++)
		tap_ok(!is_closed(&c, i), "number %zu stays", i);
	crowd_close(&c, "handshakes of an address");
}

/* Those that are told to go are bounded, too. */
static void
test_farewells(void)
{
	struct crowd c;
	struct buf got = { 0 };
	size_t i;

	crowd_open(&c, NULL);
	tap_int((int64_t)c.loop->ws->farewells.most, 1024,
	    "so many farewells at most");
	c.loop->ws->farewells.most = 2;
	for (i = 0; i < 4; i++) {
		c.fd[i] = ws_peer_open(c.loop);
		peer_say(c.fd[i], "no request\r\n");
		(void)peer_hear(c.loop, c.fd[i], &got);
	}
	tap_int((int64_t)c.loop->ws->farewells.n, 2, "the oldest go");
	ws_pass(c.loop, 2000);
	tap_ok(ws_make_room(c.loop->ws) && ws_make_room(c.loop->ws),
	    "they also make room");
	tap_ok(!ws_make_room(c.loop->ws), "until there is none left");
	buf_clear(&got);
	crowd_close(&c, "farewells");
}

/* ---- turns ---- */

static void
open_sessions(struct crowd *c)
{
	size_t i;

	for (i = 0; i < crowd; i++)
		c->fd[i] = ws_peer_session(c->loop);
}

/* More heads at once than are judged in a turn. */
static void
test_admissions(void)
{
	struct crowd c;
	struct buf got = { 0 };
	size_t before, most = 0, i, n;

	crowd_open(&c, NULL);
	for (i = 0; i < crowd; i++) {
		c.fd[i] = ws_peer_open(c.loop);
		peer_say(c.fd[i], WS_REQUEST "\r\n");
	}
	for (i = 0; c.loop->broker->sessions.n < crowd && i < TURNS_MAX; i++) {
		before = c.loop->broker->sessions.n;
		loop_turn(c.loop);
		n = c.loop->broker->sessions.n - before;
		most = n > most ? n : most;
	}
	tap_ok(most > 0 && most <= 128, "a turn judges only some of many "
	    "heads");
	for (i = n = 0; i < crowd; i++, buf_reset(&got))
		n += peer_hear(c.loop, c.fd[i], &got) &&
		    slice_eq(buf_slice(&got), SLICE(WS_ANSWER));
	tap_int((int64_t)n, (int64_t)crowd, "and in the end all of them");
	buf_clear(&got);
	crowd_close(&c, "admissions");
}

/* The broker stops. */
static void
test_no_admission(void)
{
	struct crowd c;
	struct buf got = { 0 };

	crowd_open(&c, NULL);
	c.fd[0] = ws_peer_open(c.loop);
	(void)loop_settle(c.loop);
	(void)uv_prepare_stop(&c.loop->prepare);
	(void)ws_turn(c.loop->ws, false);
	peer_say(c.fd[0], WS_REQUEST "\r\n");
	tap_ok(peer_hear(c.loop, c.fd[0], &got) && got.len == 0,
	    "a request waits if nobody is admitted");
	tap_int((int64_t)c.loop->broker->sessions.n, 0, "it is no session");
	loop_start(c.loop);
	tap_ok(peer_hear(c.loop, c.fd[0], &got) && got.len > 0,
	    "it is one when somebody is");
	buf_clear(&got);
	crowd_close(&c, "no admission");
}

/* The time of many is up at the same moment. */
static void
test_late_crowd(bool begun)
{
	struct crowd c;
	struct door *door;
	size_t before, most = 0, i, n;

	crowd_open(&c, NULL);
	door = &c.loop->ws->door;
	for (i = 0; i < crowd; i++) {
		c.fd[i] = ws_peer_open(c.loop);
		if (begun)
			peer_say(c.fd[i], "GET");
	}
	(void)loop_settle(c.loop);
	ws_pass(c.loop, 2 * HOUR);
	for (i = 0; door->visits.n > 0 && i < TURNS_MAX; i++) {
		before = door->visits.n;
		loop_turn(c.loop);
		n = before - door->visits.n;
		most = n > most ? n : most;
	}
	tap_ok(most > 0 && most <= 128, "a turn ends only some who are late");
	tap_int((int64_t)c.loop->broker->stats.handshakes_late, (int64_t)crowd,
	    "and in the end all of them");
	ws_pass(c.loop, 2 * HOUR);
	for (i = most = 0; !ws_is_empty(c.loop) && i < TURNS_MAX; i++) {
		before = c.loop->ws->farewells.n;
		loop_turn(c.loop);
		n = before - c.loop->ws->farewells.n;
		most = n > most ? n : most;
	}
	tap_ok(most <= 128, "the same for farewells");
	crowd_close(&c, "late");
}

/* One peer sends all that at once, which holds many events for "t".  Another
 * one has its turn in between. */
static void
check_flood(struct loop *s, const char *extension, const struct buf *all,
    const char *what)
{
	struct fake_peer *one = fake_open(s->broker, WIRE_LINE);
	int flooder = ws_peer_open(s), other = ws_peer_open(s), i;
	struct buf got = { 0 };
	uint64_t events;

	fake_say(one, "[5,\"u\"]");
	peer_say(flooder, WS_REQUEST);
	peer_say(flooder, extension);
	peer_say(flooder, "\r\n");
	peer_say(other, WS_REQUEST "\r\n");
	(void)peer_hear(s, flooder, &got);
	if (peer_write(flooder, buf_slice(all)) != all->len)
		abort();
	loop_turn(s);
	ws_peer_frame(other, TEXT, "[7,\"u\",1]");
	for (i = 0; one->out.len == 0 && i < TURNS_MAX; i++)
		loop_turn(s);
	events = s->broker->stats.events;
	tap_ok(events > 1 && events < EVENTS, "an event passes %s", what);
	tap_ok(loop_settle(s), "%s: it comes to rest", what);
	tap_int((int64_t)s->broker->stats.events, EVENTS + 1, "%s: all of it",
	    what);
	buf_clear(&got);
	(void)close(flooder);
	(void)close(other);
	(void)loop_settle(s);
	ws_loop_close(s, taken);
}

/* Events for many receivers. */
static void
test_deliveries(void)
{
	struct ws_settings set = ws_loop_settings();
	struct buf all = { 0 };
	struct loop *s;
	int i;

	set.protocol = &protocol_wamp1;
	s = ws_loop_open(NULL, &set);
	for (i = 0; i < LISTENERS; i++)
		fake_say(fake_open(s->broker, WIRE_LINE), "[5,\"t\"]");
	for (i = 0; i < EVENTS; i++)
		client_frame_add(&all, TEXT, SLICE("[7,\"t\",1]"));
	check_flood(s, "", &all, "a flood");
	buf_clear(&all);
}

/* Messages that are large when they are decompressed. */
static void
test_bombs(void)
{
	struct broker_settings core = fake_settings();
	struct ws_settings set = ws_loop_settings();
	struct buf text = { 0 }, small = { 0 }, all = { 0 };
	struct loop *s;
	int i;

	core.limit_message = BOMB;
	set.protocol = &protocol_wamp1;
	set.deflate = true;
	s = ws_loop_open(&core, &set);
	(void)buf_add_str(&text, "[7,\"t\",1");
	(void)buf_fill(&text, ' ', BOMB - text.len - 1);
	(void)buf_add_char(&text, ']');
	if (deflate_message(s->ws->deflate, buf_slice(&text), &small) !=
	    DEFLATE_OK)
		abort();
	for (i = 0; i < EVENTS; i++)
		client_frame_add(&all, TEXT | RSV1, buf_slice(&small));
	check_flood(s, "Sec-WebSocket-Extensions: permessage-deflate\r\n",
	    &all, "a flood of bombs");
	buf_clear(&text);
	buf_clear(&small);
	buf_clear(&all);
}

enum leave { HANG_UP, SAY_CLOSE, SHUT_DOWN };

static void
leave(int *fd, enum leave how)
{
	if (how == SAY_CLOSE)
		ws_peer_frame(*fd, CLOSE, "");
	else if (how == SHUT_DOWN)
		(void)shutdown(*fd, SHUT_WR);
	else
		(void)close(*fd);
	if (how == HANG_UP)
		*fd = -1;
}

/* Turn until all but one have left.  Returns how many left in one turn at most;
 * *first is set to the turn in which the one that stays was answered. */
static size_t
let_leave(struct crowd *c, struct buf *got, int *first)
{
	struct broker *b = c->loop->broker;
	size_t before, most = 0, n;
	int i;

	for (i = 1; (b->sessions.n > 1 || got->len == 0) && i < TURNS_MAX;
	    i++) {
		before = b->sessions.n;
		loop_turn(c->loop);
		n = before - b->sessions.n;
		most = n > most ? n : most;
		(void)peer_read(c->fd[0], got);
		if (got->len > 0 && *first == 0)
			*first = i;
	}
	return most;
}

/* All but the first one leave at once.  That one says something meanwhile. */
static void
test_leave(enum leave how, const char *what)
{
	struct crowd c;
	struct buf got = { 0 };
	size_t i, most;
	int first = 0;

	crowd_open(&c, NULL);
	open_sessions(&c);
	for (i = 1; i < crowd; i++)
		leave(&c.fd[i], how);
	ws_peer_frame(c.fd[0], TEXT, "still here");
	most = let_leave(&c, &got, &first);
	tap_ok(most > 0 && most <= STREAM_LEAVES,
	    "%s: a turn lets only some leave: %zu", what, most);
	/* Its event may come behind those of all others. */
	tap_ok(first <= 4, "%s: who stays is served at once: in turn %d", what,
	    first);
	tap_slice(buf_slice(&got), "\x81\x0astill here", "%s: as usual", what);
	buf_clear(&got);
	crowd_close(&c, what);
}

/* What leavers have said before counts, even if they wait for their turn. */
static void
test_last_words(void)
{
	struct crowd c;
	size_t i;

	crowd_open(&c, NULL);
	open_sessions(&c);
	for (i = 0; i < crowd; i++) {
		ws_peer_frame(c.fd[i], TEXT, "last words");
		(void)close(c.fd[i]);
		c.fd[i] = -1;
	}
	tap_ok(loop_settle(c.loop), "the loop rests when all have left");
	tap_int((int64_t)c.loop->broker->stats.messages, (int64_t)crowd,
	    "their last words are heard");
	tap_ok(ws_is_empty(c.loop), "and they are gone");
	crowd_close(&c, "last words");
}

/* The broker says goodbye to all at once. */
static void
test_goodbye(bool answered)
{
	const char *what = answered ? "goodbye" : "goodbye to the silent";
	struct crowd c;
	size_t i, n = 0;

	crowd_open(&c, NULL);
	open_sessions(&c);
	while (c.loop->broker->sessions.n > 0)
		session_doom(TAILQ_FIRST(&c.loop->broker->sessions.open), 1012,
		    "restart");
	(void)loop_settle(c.loop);
	for (i = 0; i < crowd; i++) {
		n += strcmp(ws_peer_frames(c.loop, c.fd[i]),
		    "close 1012 restart\n") == 0;
		if (answered)
			ws_peer_frame(c.fd[i], CLOSE, "\x03\xf4");
	}
	tap_int((int64_t)n, (int64_t)crowd, "%s: all are told", what);
	if (!answered)
		ws_pass(c.loop, HOUR);
	tap_ok(loop_settle(c.loop), "%s: the loop rests", what);
	for (i = n = 0; i < crowd; i++)
		n += strcmp(ws_peer_frames(c.loop, c.fd[i]), "END\n") == 0;
	tap_int((int64_t)n, (int64_t)crowd, "%s: all are closed", what);
	crowd_close(&c, what);
}

/* Each connection takes two descriptors. */
static void
set_crowd(void)
{
	struct rlimit files;

	(void)getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_max > 2 * CROWD_MAX + OTHERS)
		files.rlim_max = 2 * CROWD_MAX + OTHERS;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	crowd = (files.rlim_cur - OTHERS) / 2;
}

int
main(void)
{
	set_crowd();
	test_handshakes();
	test_handshakes_address();
	test_farewells();
	test_admissions();
	test_deliveries();
	test_bombs();
	test_no_admission();
	test_late_crowd(false);
	test_late_crowd(true);
	test_leave(HANG_UP, "hanging up");
	test_leave(SAY_CLOSE, "saying Close");
	test_leave(SHUT_DOWN, "ending their output");
	test_last_words();
	test_goodbye(true);
	test_goodbye(false);
	return tap_done();
}
