/*
 * t_wampd_stream_input.c: streams in clear text: input that is not used at
 * once.
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
	loop_close(s);
	return tap_done();
}
