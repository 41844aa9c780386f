/*
 * t_wampd_stream.c: streams in clear text: input that is not used at once,
 * output that is not taken, and peers that leave in every state.
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

/* ---- input ---- */

static void
test_rest(void)
{
	const char *what = "a rest";

	begin(false);
	o.uses = 3;
	peer_say(fd, "abcde");
	settle(what);
	check_got("abc", what);
	tap_int(o.inputs, 1, "%s: it waits for more", what);
	tap_slice(stream_rest(&o.stream), "de", "%s: it is kept", what);
	peer_say(fd, "fg");
	settle(what);
	check_got("abcdef", what);
	tap_slice(stream_rest(&o.stream), "g", "%s: it came again", what);
	o.uses = 0;
	peer_say(fd, "h");
	settle(what);
	tap_slice(stream_rest(&o.stream), "gh", "%s: it grows", what);
	o.uses = SIZE_MAX;
	peer_say(fd, "i");
	settle(what);
	check_got("abcdefghi", what);
	tap_int((int64_t)stream_rest(&o.stream).len, 0, "%s: it is used",
	    what);
	tap_ok(o.stream.kept == NULL, "%s: and takes no memory", what);
	end(what);
}

/* One turn for each byte, in which another stream has its own. */
/* A message that takes many reads. */
static void
test_long_rest(void)
{
	const char *what = "a long rest";
	struct buf part = { 0 }, all = { 0 };
	int i;

	begin(false);
	o.uses = 0;
	for (i = 0; i < 50; i++) {
		buf_reset(&part);
		(void)buf_fill(&part, (char)('0' + i), 9999);
		(void)buf_add_slice(&all, buf_slice(&part));
		(void)peer_write(fd, buf_slice(&part));
		(void)loop_settle(s);
	}
	tap_ok(slice_eq(stream_rest(&o.stream), buf_slice(&all)),
	    "%s: is kept", what);
	tap_int((int64_t)s->streams->kept, (int64_t)all.len,
	    "%s: is counted", what);
	o.uses = SIZE_MAX;
	(void)buf_add_char(&all, '!');
	peer_say(fd, "!");
	settle(what);
	tap_ok(slice_eq(buf_slice(&o.got), buf_slice(&all)),
	    "%s: is used with what follows", what);
	tap_int((int64_t)s->streams->kept, 0, "%s: nothing is kept", what);
	buf_clear(&part);
	buf_clear(&all);
	end(what);
}

static void
test_yield(void)
{
	const char *what = "yielding";
	struct owner other;
	int other_fd = owner_open(&other, s, SOCK_STREAM, false, NULL), i;

	begin(false);
	o.uses = 1;
	o.yields = true;
	peer_say(fd, "abcdefgh");
	for (i = 0; o.got.len == 0 && i < 10; i++)
		loop_turn(s);
	peer_say(other_fd, "x");
	for (i = 0; other.got.len == 0 && i < 10; i++)
		loop_turn(s);
	tap_ok(o.got.len > 0 && o.got.len < 5, "%s: others have a turn", what);
	settle(what);
	check_got("abcdefgh", what);
	tap_int(o.inputs, 8, "%s: once for each", what);
	end(what);
	owner_close(&other, s, what);
	(void)close(other_fd);
}

static void
test_pause(void)
{
	const char *what = "pausing";

	begin(false);
	o.pauses_at = 2;
	peer_say(fd, "abcd");
	settle(what);
	peer_say(fd, "ef");
	settle(what);
	check_got("ab", what);
	tap_int(o.inputs, 1, "%s: nothing more is handed over", what);
	stream_pause(&o.stream, false);
	stream_pause(&o.stream, true);
	settle(what);
	check_got("ab", "paused again before its turn");
	stream_pause(&o.stream, false);
	settle(what);
	check_got("abcdef", what);
	tap_int(o.inputs, 3, "%s: first the rest, then what came", what);
	end(what);
}

/* A peer that sends more than all others together gets one read per turn. */
static void
test_flood(void)
{
	const char *what = "a flood";
	struct buf all = { 0 };
	size_t at, before, most = 0;

	begin(false);
	(void)buf_fill(&all, 'x', LARGE);
	for (at = 0; at < all.len || o.got.len < all.len;) {
		at += peer_write(fd, slice_of(all.data + at, all.len - at));
		before = o.got.len;
		loop_turn(s);
		most = o.got.len - before > most ? o.got.len - before : most;
	}
	tap_ok(most > 0 && most <= STREAM_READ, "%s: its share of a turn",
	    what);
	settle(what);
	buf_clear(&all);
	end(what);
}

static void
close_it(struct owner *owner)
{
	stream_close(&owner->stream);
}

/* Nothing is told any more, though there is more to tell. */
static void
test_close_within(bool rest)
{
	const char *what = rest ? "closed within, with a rest" :
	    "closed within";

	begin(false);
	o.then = close_it;
	o.uses = rest ? 1 : SIZE_MAX;
	o.yields = rest;
	peer_say(fd, "abc");
	(void)shutdown(fd, SHUT_WR);
	settle(what);
	tap_int(o.inputs, 1, "%s: one input", what);
	tap_int(o.ended, 0, "%s: no end", what);
	tap_int(o.closed, 1, "%s: it is closed", what);
	buf_clear(&o.got);
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
	test_rest();
	test_long_rest();
	test_yield();
	test_pause();
	test_flood();
	test_close_within(false);
	test_close_within(true);
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
