/*
 * t_wampd_stream.c: streams in clear text: output that is not taken, and
 * peers that leave in every state.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "stream_owner.h"
#include "tap.h"
#include "wampd/net/stream_parts.h"

#define LARGE	3000000	/* bytes; more than a socket takes */

static struct loop *s;
static struct owner o;
static int fd;

static void
begin(bool half_close)
{
	fd = owner_open(&o, s, SOCK_STREAM, half_close, NULL);
}

static void
settle(const char *what)
{
	tap_ok(loop_settle(s), "%s: the loop rests", what);
}

static void
check_got(const char *want, const char *what)
{
	tap_slice(buf_slice(&o.got), want, "%s: what was used", what);
}

static void
end(const char *what)
{
	owner_close(&o, s, what);
	(void)close(fd);
}

/* ---- the peer's end ---- */

static void
check_end(unsigned ended, bool broken, const char *what)
{
	tap_int(o.ended, ended, "%s: the end was told", what);
	if (ended)
		tap_int(o.broken, broken, "%s: and how", what);
}

/* how: SHUT_WR, or SHUT_RDWR for close(). */
static void
leave(int how)
{
	if (how == SHUT_WR)
		(void)shutdown(fd, SHUT_WR);
	else
		(void)close(fd);
	if (how != SHUT_WR)
		fd = -1;
}

static void
test_leave(int how, bool half_close, const char *what)
{
	begin(half_close);
	peer_say(fd, "last");
	leave(how);
	settle(what);
	check_got("last", what);
	check_end(1, how != SHUT_WR, what);
	if (how == SHUT_WR && half_close)
		tap_int(stream_put(&o.stream, "x", 1), 0,
		    "%s: it can be answered", what);
	settle(what);
	end(what);
}

static void
test_leave_with_rest(int how, const char *what)
{
	begin(false);
	o.uses = 2;
	peer_say(fd, "abcd");
	leave(how);
	settle(what);
	check_got("ab", what);
	check_end(1, how != SHUT_WR, what);
	tap_slice(stream_rest(&o.stream), "cd", "%s: the rest is there", what);
	end(what);
}

static void
test_leave_paused(int how, bool half_close, const char *what)
{
	begin(half_close);
	o.pauses_at = 2;
	peer_say(fd, "abcd");
	settle(what);
	peer_say(fd, "ef");
	leave(how);
	settle(what);
	check_got("ab", what);
	check_end(0, false, what);
	stream_pause(&o.stream, false);
	settle(what);
	check_got("abcdef", what);
	check_end(1, how != SHUT_WR, what);
	end(what);
}

/* It leaves while the stream waits for its next turn. */
static void
test_leave_yielded(int how, const char *what)
{
	begin(false);
	o.uses = 1;
	o.yields = true;
	peer_say(fd, "abcdef");
	while (o.got.len == 0)
		loop_turn(s);
	leave(how);
	settle(what);
	check_got("abcdef", what);
	check_end(1, how != SHUT_WR, what);
	end(what);
}

/* Fill the socket; how many bytes were put. */
static void
block(const char *what)
{
	struct buf all = { 0 };

	(void)buf_fill(&all, 'x', LARGE);
	tap_int(stream_put(&o.stream, all.data, all.len), 0, "%s: full", what);
	tap_ok(stream_is_blocked(&o.stream), "%s: it is blocked", what);
	buf_clear(&all);
	settle(what);
	tap_int(o.writables, 0, "%s: nothing can be written", what);
}

static void
test_leave_blocked(int how, bool paused, const char *what)
{
	begin(false);
	block(what);
	stream_pause(&o.stream, paused);
	peer_say(fd, "abc");
	leave(how);
	settle(what);
	if (paused) {
		check_end(0, false, what);
		stream_pause(&o.stream, false);
		settle(what);
	}
	check_got("abc", what);
	check_end(1, how != SHUT_WR, what);
	if (how != SHUT_WR)
		tap_ok(!stream_is_blocked(&o.stream),
		    "%s: nothing waits for it", what);
	end(what);
}

/* ---- output ---- */

static void
test_put(void)
{
	const char *what = "putting";
	struct buf got = { 0 };

	begin(false);
	tap_int(stream_put(&o.stream, "", 0), 0, "nothing at all");
	block(what);
	tap_int(stream_put(&o.stream, "last", 4), 0, "%s: more", what);
	tap_int(stream_write(&o.stream, "one", 3), 3,
	    "%s: writing behind it takes all", what);
	tap_ok(peer_hear(s, fd, &got), "%s: the peer reads", what);
	tap_int((int64_t)got.len, LARGE + 7, "%s: all of it", what);
	tap_ok(memcmp(got.data + LARGE, "lastone", 7) == 0, "%s: in order",
	    what);
	tap_int(o.writables, 1, "%s: it is told once", what);
	tap_ok(!stream_is_blocked(&o.stream) && o.stream.kept == NULL,
	    "%s: nothing is kept", what);
	tap_int((int64_t)o.stream.sent, LARGE + 7, "%s: it is counted", what);
	buf_clear(&got);
	end(what);
}

static void
test_write(void)
{
	const char *what = "writing";
	struct buf all = { 0 }, got = { 0 };
	ssize_t n;

	begin(false);
	(void)buf_fill(&all, 'x', LARGE);
	n = stream_write(&o.stream, all.data, all.len);
	tap_ok(n > 0 && n < LARGE, "%s: a part is taken", what);
	tap_ok(stream_is_blocked(&o.stream) && o.stream.kept == NULL,
	    "%s: the rest is the owner's", what);
	settle(what);
	(void)peer_hear(s, fd, &got);
	tap_int((int64_t)got.len, n, "%s: that part arrives", what);
	tap_int(o.writables, 1, "%s: it is told once", what);
	buf_clear(&all);
	buf_clear(&got);
	end(what);
}

/* ---- our end ---- */

static void
test_finish(bool blocked, const char *what)
{
	struct buf got = { 0 };

	begin(false);
	if (blocked)
		block(what);
	tap_int(stream_put(&o.stream, "bye", 3), 0, "%s: last words", what);
	stream_finish(&o.stream);
	settle(what);
	tap_ok(!peer_hear(s, fd, &got), "%s: its output ends", what);
	tap_int((int64_t)got.len, blocked ? LARGE + 3 : 3, "%s: behind all",
	    what);
	peer_say(fd, "still");
	settle(what);
	check_got("still", what);
	check_end(0, false, what);
	leave(SHUT_RDWR);
	settle(what);
	tap_ok(o.ended > 0, "%s: the peer's end is told", what);
	tap_int(o.writables, 0, "%s: nothing may be written", what);
	buf_clear(&got);
	end(what);
}

/* It never reads what waits for it. */
static void
test_finish_and_gone(int how, bool paused, const char *what)
{
	begin(false);
	block(what);
	if (paused) {
		stream_pause(&o.stream, true);
		peer_say(fd, "abc");
	}
	stream_finish(&o.stream);
	settle(what);
	leave(how);
	settle(what);
	tap_ok(o.ended > 0, "%s: the end was told", what);
	tap_int(o.writables, 0, "%s: nothing may be written", what);
	end(what);
}

/* The peer had gone before. */
static void
test_finish_late(bool paused, const char *what)
{
	begin(false);
	stream_pause(&o.stream, paused);
	leave(SHUT_RDWR);
	settle(what);
	tap_int(o.ended, !paused, "%s: the end, if it is not paused", what);
	stream_finish(&o.stream);
	settle(what);
	tap_ok(o.ended > 0, "%s: the end is told at last", what);
	end(what);
}

static void
test_leave_by_word(bool paused)
{
	const char *what = paused ? "goodbye, paused" : "goodbye";

	begin(false);
	stream_pause(&o.stream, paused);
	stream_leave(&o.stream);
	peer_say(fd, "not read");
	stream_pause(&o.stream, false);
	settle(what);
	tap_int((int64_t)o.got.len, 0, "%s: nothing more is read", what);
	end(what);
}

/* yielded: what waits for its turn is not handed over any more. */
static void
test_close(bool yielded)
{
	const char *what = yielded ? "closing, yielded" : "closing";

	begin(false);
	o.uses = yielded ? 1 : SIZE_MAX;
	o.yields = yielded;
	peer_say(fd, "abc");
	while (o.got.len == 0)
		loop_turn(s);
	stream_close(&o.stream);
	tap_int(o.stream.fd, -1, "%s: the stream is closed", what);
	settle(what);
	tap_int(o.inputs, 1, "%s: it hears nothing", what);
	tap_int(o.closed, 1, "%s: its owner is told", what);
	tap_int(peer_write(fd, SLICE("more")), 0, "%s: so is the peer", what);
	(void)close(fd);
	buf_clear(&o.got);
}

static void
test_all_leaves(int how, const char *shut)
{
	char what[64];
#define NAMED(text) \
	(snprintf(what, sizeof(what), "%s %s", shut, text), what)

	test_leave(how, false, NAMED("after a word"));
	test_leave(how, true, NAMED("with half-close"));
	test_leave_with_rest(how, NAMED("with a rest"));
	test_leave_paused(how, false, NAMED("while paused"));
	test_leave_paused(how, true, NAMED("while paused, with half-close"));
	test_leave_yielded(how, NAMED("while it waits for its turn"));
	test_leave_blocked(how, false, NAMED("while blocked"));
	test_leave_blocked(how, true, NAMED("while blocked and paused"));
	test_finish_and_gone(how, false, NAMED("while finishing"));
	test_finish_and_gone(how, true, NAMED("while finishing and paused"));
}

int
main(void)
{
	struct broker_settings set = fake_settings();

	s = loop_new(&set);
	test_all_leaves(SHUT_WR, "shut down");
	test_all_leaves(SHUT_RDWR, "closed");
	test_put();
	test_write();
	test_finish(false, "finishing");
	test_finish(true, "finishing, blocked");
	test_finish_late(false, "finishing late");
	test_finish_late(true, "finishing late, paused");
	test_leave_by_word(false);
	test_leave_by_word(true);
	test_close(false);
	test_close(true);
	loop_close(s);
	return tap_done();
}
