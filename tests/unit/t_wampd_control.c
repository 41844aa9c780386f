/*
 * t_wampd_control.c: the control socket's transport.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_loop.h"
#include "tap.h"

#define FLOOD		30000	/* messages; many reads */
#define CROWD		200	/* receivers of each */

/* Each turn it is paused, goes on, and would be read from again: what waits
 * must not become more and more. */
static void
test_flood(void)
{
	struct loop *s = loop_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, FLOOD);
	int fd = peer_open(s);
	size_t at = 0;

	while (at < text.len) {
		at += peer_write(fd, slice_of(text.data + at, text.len - at));
		loop_turn(s);
	}
	tap_ok(loop_settle(s), "a flood ends");
	tap_ok(s->broker->stats.pauses > 2, "it was paused on its way");
	check_numbered(&all->out, FLOOD, "a flood");
	(void)close(fd);
	buf_clear(&text);
	loop_close(s);
}

/* A publisher that waits for a slow receiver hangs up; one that has not read
 * all it was told ends in an error. */
static void
test_paused_and_gone(bool unread)
{
	const char *what = unread ? "paused and gone, unread" :
	    "paused and gone";
	struct loop *s = loop_open();
	struct fake_peer *slow = listener(s);
	struct buf text = numbered(7, MANY), welcome = { 0 };
	int fd = peer_open(s);

	if (!unread)
		(void)peer_hear(s, fd, &welcome);
	slow->room = 0;
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	tap_ok(loop_settle(s), "%s: the loop rests while it waits", what);
	(void)close(fd);
	tap_ok(loop_settle(s), "%s: and when it hangs up", what);
	fake_drain(slow, SIZE_MAX);
	tap_ok(loop_settle(s), "%s: and when it has gone on", what);
	check_numbered(&slow->out, MANY, what);
	tap_int((int64_t)s->broker->sessions.n, 1, "%s: its end is noticed",
	    what);
	buf_clear(&welcome);
	buf_clear(&text);
	loop_close(s);
}

static void
large_event(struct loop *s)
{
	struct fake_peer *p = fake_open(s->broker, WIRE_LINE);

	fake_say(p, "[7,\"t\",\"%0*d\"]", LOOP_LARGE, 0);
}

/* A socket that was full is writable ever after. */
static void
test_full_once(bool half_closed)
{
	const char *what = half_closed ? "half-closed" : "full once";
	struct loop *s = loop_open();
	struct buf got = { 0 };
	int fd = peer_open(s);

	peer_say(fd, "[5,\"t\"]\n");
	if (half_closed)
		(void)shutdown(fd, SHUT_WR);
	(void)peer_hear(s, fd, &got);
	buf_reset(&got);
	large_event(s);
	tap_ok(loop_settle(s), "%s: the loop rests while it is full", what);
	tap_ok(peer_hear(s, fd, &got), "%s: it stays", what);
	tap_int((int64_t)got.len, LOOP_LARGE + 11, "%s: it gets all", what);
	tap_ok(loop_settle(s), "%s: the loop rests afterwards", what);
	buf_reset(&got);
	fake_say(fake_open(s->broker, WIRE_LINE), "[7,\"t\",1]");
	tap_ok(peer_hear(s, fd, &got), "%s: it hears on", what);
	tap_slice(buf_slice(&got), "[8,\"t\",1]\n", "%s: the next", what);
	(void)close(fd);
	buf_clear(&got);
	loop_close(s);
}

/* It wrote and closed, and never read its WELCOME; adopted late: before the
 * broker has heard of it. */
static void
test_gone_unread(bool late)
{
	const char *what = late ? "gone before it was accepted" :
	    "gone without reading";
	struct loop *s = loop_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, MANY);
	int theirs, fd = peer_connect(&theirs);

	if (!late)
		control_adopt(s->control, theirs);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)close(fd);
	if (late)
		control_adopt(s->control, theirs);
	tap_ok(loop_settle(s), "%s: the loop rests", what);
	check_numbered(&all->out, MANY, what);
	tap_int((int64_t)s->broker->sessions.n, 1, "%s: it is gone", what);
	buf_clear(&text);
	loop_close(s);
}

/* What it would have to be told cannot be told any more. */
static void
test_gone_listener(void)
{
	struct loop *s = loop_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	peer_say(fd, "[5,\"t\"]\n");
	(void)loop_settle(s);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)close(fd);
	tap_ok(loop_settle(s), "gone, and listening itself: the loop rests");
	check_numbered(&all->out, MANY, "gone, and listening itself");
	tap_int((int64_t)s->broker->sessions.n, 1,
	    "gone, and listening itself: it is gone");
	buf_clear(&text);
	loop_close(s);
}

static void
test_last_line(void)
{
	struct loop *s = loop_open();
	struct fake_peer *all = listener(s);
	int fd = peer_open(s);

	peer_say(fd, "[7,\"t\",1]\r\n\n[7,\"t\",2]");
	(void)shutdown(fd, SHUT_WR);
	tap_ok(loop_settle(s), "the loop rests when a peer says no more");
	tap_slice(buf_slice(&all->out), "[8,\"t\",1]\n[8,\"t\",2]\n",
	    "the last line counts without its end");
	(void)close(fd);
	tap_ok(loop_settle(s), "and when it has gone");
	tap_int((int64_t)s->broker->sessions.n, 1, "which is noticed");
	loop_close(s);
}

static void
test_end_of_input(void)
{
	struct loop *s = loop_open();
	struct buf got = { 0 };
	int fd = peer_open(s);

	peer_say(fd, "[2,\"i\",\"wampd.echo\",1]");
	(void)shutdown(fd, SHUT_WR);
	tap_ok(!peer_hear(s, fd, &got), "who says no more is let go");
	tap_ok(buf_cstr(&got) != NULL && strstr(got.data, "[3,\"i\",[1]]\n"),
	    "once it has its answer");
	tap_int((int64_t)s->broker->sessions.n, 0, "and forgotten");
	buf_clear(&got);
	(void)close(fd);
	loop_close(s);
}

/* However much a peer has written, others have their turn: what it may cost in
 * between is bounded by deliveries. */
static void
test_turns(void)
{
	struct loop *s = loop_open();
	struct fake_peer *all[CROWD], *one;
	struct buf text = numbered(7, MANY);
	int flooder, other, i;
	uint64_t events;

	s->broker->set.limit_queue = 1 << 20;
	for (i = 0; i < CROWD; i++)
		all[i] = listener(s);
	one = fake_open(s->broker, WIRE_LINE);
	fake_say(one, "[5,\"u\"]");
	flooder = peer_open(s);
	other = peer_open(s);
	if (peer_write(flooder, buf_slice(&text)) != text.len)
		abort();
	loop_turn(s);
	peer_say(other, "[7,\"u\",1]\n");
	for (i = 0; one->out.len == 0 && i < TURNS_MAX; i++)
		loop_turn(s);
	events = s->broker->stats.events;
	tap_ok(events > 1 && events < MANY,
	    "a single event passes a flood in its midst");
	tap_ok(loop_settle(s), "the flood comes to rest");
	check_numbered(&all[0]->out, MANY, "a flood in turns");
	check_numbered(&all[CROWD - 1]->out, MANY, "the last of its crowd");
	buf_clear(&text);
	(void)close(flooder);
	(void)close(other);
	loop_close(s);
}

int
main(void)
{
	test_flood();
	test_paused_and_gone(false);
	test_paused_and_gone(true);
	test_full_once(false);
	test_full_once(true);
	test_gone_unread(false);
	test_gone_unread(true);
	test_gone_listener();
	test_last_line();
	test_end_of_input();
	test_turns();
	return tap_done();
}
