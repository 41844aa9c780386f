/*
 * t_wampd_stream_tcp.c: streams over TCP, where the end of a connection has
 * more forms than on a Unix socket.
 *
 * What was sent may be on its way, so the tests turn the loop until something
 * has come.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "stream_owner.h"
#include "tap.h"

#define LARGE	(3 * STREAM_READ)	/* bytes; several reads */

static struct loop *s;
static struct owner o;
static int fd;

static void
begin(void)
{
	fd = owner_open_tcp(&o, s);
}

/* Until the owner was told the end. */
static void
wait_for_end(const char *what)
{
	int i;

	for (i = 0; o.ended == 0 && i < TURNS_MAX; i++)
		loop_turn(s);
	tap_ok(o.ended > 0, "%s: the end was told", what);
	tap_ok(loop_settle(s), "%s: the loop rests", what);
}

static void
end(const char *what)
{
	if (fd != -1)
		(void)close(fd);
	owner_close(&o, s, what);
}

/* Leave with a reset. */
static void
reset(void)
{
	const struct linger now = { 1, 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(fd);
	fd = -1;
}

enum state { IDLE, PAUSED, YIELDED, BLOCKED, FINISHED, FINISHED_BLOCKED,
    STATES };

static const char *const names[STATES] = { "idle", "paused", "yielded",
    "blocked", "finished", "finished and blocked" };

/* Bring the stream into that state. */
static void
reach(enum state state)
{
	struct buf all = { 0 };

	if (state == PAUSED)
		stream_pause(&o.stream, true);
	o.yields = state == YIELDED;
	o.uses = state == YIELDED ? 1 : SIZE_MAX;
	if (state == BLOCKED || state == FINISHED_BLOCKED) {
		(void)buf_fill(&all, 'x', 10 << 20);
		(void)stream_put(&o.stream, all.data, all.len);
		tap_ok(stream_is_blocked(&o.stream), "it is blocked");
		buf_clear(&all);
	}
	if (state == FINISHED || state == FINISHED_BLOCKED)
		stream_finish(&o.stream);
	peer_say(fd, "abc");
	loop_turn(s);
}

static void
test_reset(enum state state)
{
	const char *what = names[state];

	begin();
	reach(state);
	reset();
	if (state == PAUSED) {
		tap_ok(loop_settle(s), "%s: the loop rests after a reset",
		    what);
		tap_int(o.ended, 0, "%s: no end", what);
		stream_pause(&o.stream, false);
	}
	wait_for_end(what);
	tap_ok(!stream_is_blocked(&o.stream), "%s: nothing waits", what);
	end(what);
}

static void
test_shutdown(enum state state)
{
	const char *what = names[state];

	begin();
	reach(state);
	(void)shutdown(fd, SHUT_WR);
	if (state == PAUSED) {
		tap_ok(loop_settle(s), "%s: the loop rests after the end",
		    what);
		tap_int(o.ended, 0, "%s: no end", what);
		stream_pause(&o.stream, false);
	}
	wait_for_end(what);
	tap_slice(buf_slice(&o.got), "abc", "%s: all was read", what);
	end(what);
}

static void
finish(struct owner *owner)
{
	owner->then = NULL;
	(void)stream_put(&owner->stream, "no", 2);
	stream_finish(&owner->stream);
}

/* The owner says its last words at once.  The peer has sent much, and ended its
 * side: all of it is read before the end. */
static void
test_finish_unread(void)
{
	const char *what = "both have ended";
	struct buf all = { 0 }, got = { 0 };
	int size = 4 * LARGE;

	begin();
	(void)setsockopt(o.stream.fd, SOL_SOCKET, SO_RCVBUF, &size,
	    sizeof(size));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	(void)buf_fill(&all, 'x', LARGE);
	o.then = finish;
	all.len = peer_write(fd, buf_slice(&all));
	(void)shutdown(fd, SHUT_WR);
	wait_for_end(what);
	tap_int((int64_t)o.got.len, (int64_t)all.len, "%s: all was read",
	    what);
	stream_close(&o.stream);
	errno = 0;
	tap_ok(!peer_read(fd, &got) && errno == 0, "%s: no reset", what);
	tap_slice(buf_slice(&got), "no", "%s: the last words", what);
	buf_clear(&all);
	buf_clear(&got);
	end(what);
}

int
main(void)
{
	struct broker_settings set = fake_settings();
	enum state state;

	s = loop_new(&set);
	for (state = 0; state < STATES; state++) {
		test_reset(state);
		test_shutdown(state);
	}
	test_finish_unread();
	loop_close(s);
	return tap_done();
}
