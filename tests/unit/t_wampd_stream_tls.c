/*
 * t_wampd_stream_tls.c: streams with TLS.
 */
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "stream_owner.h"
#include "tap.h"
#include "tls_socket.h"
#include "wampd/net/tls.h"

#define LARGE	3000000	/* bytes; more than a socket takes */

static struct loop *s;
static struct tls *tls;
static struct owner o;
static struct tls_socket t;

static void
begin(int version)
{
	int fd = owner_open(&o, s, SOCK_STREAM, false, tls);

	tls_socket_open(&t, fd, version);
}

static void
begin_secured(const char *what)
{
	begin(0);
	tap_ok(tls_socket_shake(&t, s), "%s: a handshake", what);
	tap_int(o.secured, 1, "%s: is told", what);
	tap_ok(o.stream.handshake == NULL, "%s: and takes no memory", what);
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
	tls_socket_close(&t);
}

static void
say(const char *text)
{
	tls_socket_say(&t, text, strlen(text));
}

/* The peer's socket alone, without a word of TLS. */
static void
hang_up(void)
{
	(void)close(t.fd);
	t.fd = -1;
}

/* ---- data ---- */

static void
test_talk(int version)
{
	const char *what = version == TLS1_2_VERSION ? "TLS 1.2" : "TLS 1.3";
	struct buf got = { 0 };

	begin(version);
	tap_ok(tls_socket_shake(&t, s), "%s: a handshake", what);
	say("hello");
	settle(what);
	check_got("hello", what);
	(void)stream_put(&o.stream, "world", 5);
	(void)tls_socket_hear(&t, s, &got);
	tap_slice(buf_slice(&got), "world", "%s: and back", what);
	stream_finish(&o.stream);
	tap_int(tls_socket_hear(&t, s, &got), SSL_ERROR_ZERO_RETURN,
	    "%s: its end", what);
	tap_ok(t.ended, "%s: is the socket's, too", what);
	(void)SSL_shutdown(t.ssl);
	(void)tls_socket_hear(&t, s, &got);
	settle(what);
	tap_int(o.ended, 1, "%s: the peer ends it as well", what);
	tap_ok(!o.broken, "%s: as it should", what);
	buf_clear(&got);
	end(what);
}

/* The first data comes with the last step of the handshake. */
static void
test_early(void)
{
	const char *what = "data with the handshake";

	begin(0);
	(void)SSL_do_handshake(t.ssl);
	tls_socket_carry(&t);
	settle(what);
	tls_socket_carry(&t);
	(void)SSL_do_handshake(t.ssl);
	tap_int(SSL_write(t.ssl, "early", 5), 5, "%s", what);
	tls_socket_carry(&t);
	settle(what);
	tap_int(o.secured, 1, "%s: it is secured", what);
	check_got("early", what);
	end(what);
}

static void
test_rest(void)
{
	const char *what = "a rest";

	begin_secured(what);
	o.uses = 1;
	o.yields = true;
	o.pauses_at = 3;
	say("abcd");
	settle(what);
	say("ef");
	settle(what);
	check_got("abc", what);
	stream_pause(&o.stream, false);
	settle(what);
	check_got("abcdef", what);
	end(what);
}

static void
test_large(void)
{
	const char *what = "large";
	struct buf all = { 0 }, got = { 0 };
	size_t n, at;

	begin_secured(what);
	(void)buf_fill(&all, 'x', LARGE);
	for (at = 0; at < all.len; at += n) {
		n = all.len - at < 50000 ? all.len - at : 50000;
		tls_socket_say(&t, all.data + at, n);
		settle(what);
	}
	tap_ok(slice_eq(buf_slice(&o.got), buf_slice(&all)), "%s: in", what);
	tap_int(stream_write(&o.stream, all.data, all.len), LARGE,
	    "%s: all is taken", what);
	tap_ok(stream_is_blocked(&o.stream), "%s: and waits", what);
	settle(what);
	stream_finish(&o.stream);
	tap_int(tls_socket_hear(&t, s, &got), SSL_ERROR_ZERO_RETURN,
	    "%s: the end", what);
	tap_ok(slice_eq(buf_slice(&got), buf_slice(&all)), "%s: out", what);
	buf_clear(&all);
	buf_clear(&got);
	end(what);
}

/* ---- ends ---- */

/* Its words come with their end. */
static void
test_leave(bool politely, bool paused)
{
	const char *what = politely ? "leaving" : "hanging up";

	begin_secured(what);
	if (paused)
		o.pauses_at = 2;
	say("last");
	if (politely)
		(void)SSL_shutdown(t.ssl);
	tls_socket_carry(&t);
	hang_up();
	settle(what);
	check_got(paused ? "la" : "last", what);
	tap_int(o.ended, !paused, "%s: the end was told", what);
	stream_pause(&o.stream, false);
	settle(what);
	check_got("last", what);
	tap_ok(o.ended > 0, "%s: at last", what);
	end(what);
}

/* What is no TLS ends the connection, but not what was before. */
static void
test_garbage(void)
{
	const char *what = "garbage";

	begin_secured(what);
	say("right");
	(void)peer_write(t.fd, SLICE("\x17\x03\x03\x00\x12"
	    "no record at all..."));
	settle(what);
	check_got("right", what);
	tap_int(o.ended, 1, "%s: the end", what);
	tap_ok(o.broken, "%s: it is broken", what);
	end(what);
}

/* ---- handshakes ---- */

static void
test_pieces(void)
{
	const char *what = "in pieces";
	struct buf all = { 0 };
	size_t i;

	begin(0);
	(void)SSL_do_handshake(t.ssl);
	tls_socket_take(&t, &all);
	for (i = 0; i < all.len; i++) {
		(void)peer_write(t.fd, slice_of(all.data + i, 1));
		settle(what);
	}
	tap_ok(tls_socket_shake(&t, s), "a handshake %s", what);
	say("hello");
	settle(what);
	check_got("hello", what);
	buf_clear(&all);
	end(what);
}

static void
test_failed(bool talk)
{
	const char *what = talk ? "no TLS, and more" : "no TLS";

	begin(0);
	peer_say(t.fd, "GET / HTTP/1.1\r\n\r\n");
	settle(what);
	tap_int(o.insecure, 1, "%s: is told", what);
	if (talk) {
		peer_say(t.fd, "Are you there?");
		settle(what);
	}
	tap_int(o.insecure, 1, "%s: once", what);
	tap_int(o.inputs + o.secured, 0, "%s: nothing else", what);
	hang_up();
	settle(what);
	tap_ok(o.ended > 0, "%s: the end", what);
	end(what);
}

/* The hello is there, and a thread works on the answer. */
static void
begin_busy(const char *what)
{
	int i;

	begin(0);
	(void)SSL_do_handshake(t.ssl);
	tls_socket_carry(&t);
	for (i = 0; s->loop.active_reqs.count == 0 && i < 10; i++)
		loop_turn(s);
	tap_ok(s->loop.active_reqs.count > 0, "%s: a thread is at work",
	    what);
}

static void
test_leave_busy(bool politely)
{
	const char *what = politely ? "shut down while busy" :
	    "closed while busy";

	begin_busy(what);
	if (politely)
		(void)shutdown(t.fd, SHUT_WR);
	else
		hang_up();
	settle(what);
	tap_int(o.secured, 0, "%s: it is not secured", what);
	tap_ok(o.ended > 0, "%s: the end", what);
	end(what);
}

static void
test_close_busy(void)
{
	const char *what = "closing while busy";

	begin_busy(what);
	stream_close(&o.stream);
	settle(what);
	tap_int(o.closed, 1, "%s: it is closed", what);
	tap_int(o.secured + o.insecure + o.ended, 0, "%s: in silence", what);
	tls_socket_close(&t);
}

static void
test_silent(void)
{
	const char *what = "hanging up before the hello";

	begin(0);
	settle(what);
	hang_up();
	settle(what);
	tap_ok(o.ended > 0, "%s: the end", what);
	end(what);
}

/* The end of TLS comes with the last data, and something behind it, which
 * nobody reads. */
static void
test_behind_end(void)
{
	const char *what = "behind the end";
	struct buf last = { 0 };

	begin_secured(what);
	(void)SSL_write(t.ssl, "last", 4);
	(void)SSL_shutdown(t.ssl);
	tls_socket_take(&t, &last);
	(void)peer_write(t.fd, buf_slice(&last));
	settle(what);
	check_got("last", what);
	tap_int(o.ended, 1, "%s: the input ends", what);
	(void)peer_write(t.fd, buf_slice(&last));
	settle(what);
	tap_int(o.ended, 1, "%s: once", what);
	buf_clear(&last);
	end(what);
}

int
main(void)
{
	struct broker_settings set = fake_settings();

	s = loop_new(&set);
	tls = tls_socket_server();
	test_talk(TLS1_2_VERSION);
	test_talk(TLS1_3_VERSION);
	test_early();
	test_rest();
	test_large();
	test_leave(true, false);
	test_leave(true, true);
	test_leave(false, false);
	test_leave(false, true);
	test_garbage();
	test_pieces();
	test_failed(false);
	test_failed(true);
	test_leave_busy(true);
	test_leave_busy(false);
	test_close_busy();
	test_silent();
	test_behind_end();
	loop_close(s);
	tls_free(tls);
	loop_end_threads();
	return tap_done();
}
