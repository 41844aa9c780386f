/*
 * t_wampd_dead.c: nobody waits for the dead, in whatever state they were.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_loop.h"
#include "tap.h"

/* ---- the core, whatever the transport ---- */

/* A kernel that holds nothing for a receiver, and takes nothing either: one
 * that died in a state that nobody thought of. */
static void
test_silent(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *dead, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	dead = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(dead, "[5,\"t\"]");
	dead->room = 0;
	dead->silent = true;
	fake_flood(b, pub);
	fake_pass(b, 500);
	tap_ok(!dead->closed && pub->paused, "an empty kernel is trusted");
	fake_pass(b, 1000);
	tap_ok(dead->closed, "but not for longer than limits.stall");
	tap_ok(!pub->paused, "so that nobody waits for ever");
	fake_end(b);
}

/* One that waits itself is no better: it is paused, slow, and dead. */
static void
test_silent_waiter(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *dead, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	dead = fake_open(b, WIRE_LINE);
	pub = fake_open(b, WIRE_LINE);
	fake_say(dead, "[5,\"t\"]");
	dead->room = 0;
	dead->silent = true;
	fake_flood(b, dead);
	tap_ok(dead->paused, "one that waits for itself, and is dead,");
	tap_ok(!fake_say(pub, "[7,\"t\",1]"), "holds others up");
	fake_pass(b, 1500);
	tap_ok(dead->closed && !pub->paused, "as long as limits.stall");
	fake_end(b);
}

/* What a turn cannot free yet holds nobody up. */
static void
test_doomed(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	stuck = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(stuck, "[5,\"t\"]");
	stuck->room = 0;
	fake_flood(b, pub);
	session_doom(stuck->session, 0, "test");
	tap_ok(!stuck->closed && !pub->paused, "who is doomed holds nobody "
	    "up, even before it is freed");
	fake_end(b);
}

/* ---- the control socket ---- */

/* It hears what it publishes, reads nothing, is paused because of itself, and
 * dies, killed or half closed before: others publish to its topic meanwhile. */
static void
test_dead_waiter(bool half_closed, bool has_read)
{
	struct loop *s = loop_open();
	struct fake_peer *pub = fake_open(s->broker, WIRE_LINE);
	struct buf text = numbered(7, MANY), got = { 0 };
	int fd = peer_open(s);

	if (has_read)
		(void)peer_hear(s, fd, &got);
	peer_say(fd, "[5,\"t\"]\n");
	while (peer_write(fd, buf_slice(&text)) > 0)
		(void)loop_settle(s);
	if (half_closed)
		(void)shutdown(fd, SHUT_WR);
	tap_ok(loop_settle(s), "paused for itself: the loop rests");
	tap_ok(!fake_say(pub, "[7,\"t\",1]"), "others wait for it");
	(void)close(fd);
	tap_ok(loop_settle(s), "it dies: the loop rests");
	tap_ok(!pub->paused, "and nobody waits for the dead");
	tap_int((int64_t)s->broker->sessions.n, 1, "who is gone");
	buf_clear(&text);
	buf_clear(&got);
	loop_close(s);
}

/* Slow as a receiver, and paused as a publisher to another: what it wrote waits
 * for that one, but nobody waits for it. */
static void
test_dead_between(void)
{
	struct loop *s = loop_open();
	struct fake_peer *slow = listener(s), *pub, *other;
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	slow->room = 0;
	pub = fake_open(s->broker, WIRE_LINE);
	other = fake_open(s->broker, WIRE_LINE);
	peer_say(fd, "[5,\"u\"]\n");
	(void)loop_settle(s);
	while (fake_say(other, "[7,\"u\",\"%0900d\"]", 0))
		loop_turn(s);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	tap_ok(loop_settle(s), "between two: the loop rests");
	tap_ok(!fake_say(pub, "[7,\"u\",1]"), "others wait for it");
	(void)close(fd);
	tap_ok(loop_settle(s), "it dies: the loop rests");
	tap_ok(!pub->paused && !other->paused, "nobody waits for the dead");
	fake_drain(slow, SIZE_MAX);
	tap_ok(loop_settle(s), "the slow one goes on: the loop rests");
	check_numbered(&slow->out, MANY, "between two");
	tap_int((int64_t)s->broker->sessions.n, 3, "and it is gone");
	buf_clear(&text);
	loop_close(s);
}

/* Urgent bytes wake a handle that asks for nothing, for ever. */
static void
test_urgent(void)
{
	struct loop *s = loop_open();
	struct fake_peer *slow = listener(s);
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	slow->room = 0;
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)loop_settle(s);
	(void)send(fd, "!", 1, MSG_OOB | MSG_NOSIGNAL);
	tap_ok(loop_settle(s), "urgent bytes leave the loop at rest");
	(void)close(fd);
	buf_clear(&text);
	loop_close(s);
}

int
main(void)
{
	test_silent();
	test_silent_waiter();
	test_doomed();
	test_dead_waiter(false, false);
	test_dead_waiter(false, true);
	test_dead_waiter(true, false);
	test_dead_between();
	test_urgent();
	return tap_done();
}
