/*
 * t_wampd_ws_talk.c: what is said first on a WebSocket connection: requests and
 * their answers, and early data.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_frame.h"
#include "tap.h"
#include "tls_socket.h"
#include "wampd/wamp1/wamp1.h"
#include "ws_answer.h"
#include "ws_loop.h"

#define STORED	1000		/* bytes of a message */
#define HOUR	(3600 * 1000)	/* ms */

static uint16_t taken[CONN_STATES];

static void
close_loop(struct loop *s, int fd, const char *what)
{
	(void)close(fd);
	tap_ok(loop_settle(s), "%s: the loop rests in the end", what);
	tap_ok(ws_is_empty(s), "%s: and nothing is left", what);
	ws_loop_close(s, taken);
}

/* ---- requests ---- */

/* What is answered to a request, without a body; false if the connection
 * stays. */
static bool
ask(struct loop *s, const char *request, struct buf *got)
{
	int fd = ws_peer_open(s);
	bool open;

	buf_reset(got);
	peer_say(fd, request);
	open = peer_hear(s, fd, got);
	(void)close(fd);
	(void)loop_settle(s);
	return !open;
}

static void
check_answer(const struct buf *got, bool head_only, const char *want,
    const char *what)
{
	struct buf lines = { 0 };
	struct errbuf e = { "" };

	tap_int(ws_answer_read(buf_slice(got), head_only, &lines, &e), 0,
	    "%s: a right answer %s", what, e.msg);
	tap_slice(buf_slice(&lines), want, "%s: its status", what);
	buf_clear(&lines);
}

static void
test_methods(void)
{
	struct loop *s = ws_loop_open(NULL, NULL);
	struct buf got = { 0 };

	tap_ok(ask(s, "HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n", &got),
	    "HEAD is answered, and that is the end");
	check_answer(&got, true, "426\n", "HEAD");
	tap_ok(ask(s, "HEAD / HTTP/2.0\r\n", &got),
	    "and if it is malformed");
	check_answer(&got, true, "505\n", "malformed HEAD");
	tap_ok(ask(s, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", &got),
	    "GET is answered");
	check_answer(&got, false, "426\n", "GET");
	buf_clear(&got);
	ws_loop_close(s, taken);
}

static void
test_paths(void)
{
	static const char *const paths[] = { "/one", "/below/" };
	struct ws_settings set = ws_loop_settings();
	struct buf got = { 0 };
	struct loop *s;

	set.paths = paths;
	set.npaths = 2;
	s = ws_loop_open(NULL, &set);
	(void)ask(s, WS_REQUEST "\r\n", &got);
	check_answer(&got, false, "404\n", "another path");
	(void)ask(s, "GET /below/it HTTP/1.1\r\n" WS_REQUEST_FIELDS "\r\n",
	    &got);
	check_answer(&got, false, "404\n", "a path below");
	(void)ask(s, "GET /below/ HTTP/1.1\r\n" WS_REQUEST_FIELDS "\r\n",
	    &got);
	check_answer(&got, false, "101\n", "a path");
	(void)ask(s, "GET /one HTTP/1.1\r\nHost: a.test\r\n\r\n", &got);
	check_answer(&got, false, "426\n", "a path without upgrade");
	buf_clear(&got);
	ws_loop_close(s, taken);
}

static void
test_require_protocol(void)
{
	struct ws_settings set = ws_loop_settings();
	struct buf got = { 0 };
	struct loop *s;

	set.require_protocol = true;
	s = ws_loop_open(NULL, &set);
	(void)ask(s, WS_REQUEST "\r\n", &got);
	check_answer(&got, false, "400\n", "no protocol");
	(void)ask(s, WS_REQUEST "Sec-WebSocket-Protocol: echo\r\n\r\n", &got);
	check_answer(&got, false, "101\n", "the protocol");
	buf_clear(&got);
	ws_loop_close(s, taken);
}

static void
test_full(void)
{
	struct broker_settings core = fake_settings();
	struct buf got = { 0 };
	struct loop *s;

	core.limit_sessions = 0;
	core.come_back = COME_BACK_DROP;
	s = ws_loop_open(&core, NULL);
	tap_ok(ask(s, WS_REQUEST "\r\n", &got), "a full broker refuses");
	check_answer(&got, false, "503\n", "full");
	tap_ok(buf_cstr(&got) != NULL && strstr(got.data,
	    "\r\nRetry-After: 10\r\n"), "and says when to come back");
	tap_int((int64_t)s->broker->stats.refused_full, 1, "that is counted");
	buf_clear(&got);
	ws_loop_close(s, taken);
}

/* first: what has come when the time is up. */
static void
test_late(const char *what, const char *first, const char *want)
{
	struct loop *s = ws_loop_open(NULL, NULL);
	struct buf got = { 0 };
	int fd = ws_peer_open(s);

	peer_say(fd, first);
	ws_pass(s, HOUR - 1000);
	tap_ok(peer_hear(s, fd, &got), "%s has time", what);
	ws_pass(s, 1000);
	tap_ok(!peer_hear(s, fd, &got), "%s has no more", what);
	check_answer(&got, false, want, what);
	tap_int((int64_t)s->broker->stats.handshakes_late, 1,
	    "that is counted");
	buf_clear(&got);
	close_loop(s, fd, what);
}

/* ---- over TCP ---- */

/* What was sent may be on its way. */
static void
close_tcp(struct loop *s, int fd, const char *what)
{
	int i;

	(void)close(fd);
	for (i = 0; i < TURNS_MAX && !ws_is_empty(s); i++)
		loop_turn(s);
	tap_ok(ws_is_empty(s), "%s: nothing is left", what);
	ws_loop_close(s, taken);
}

/* What the peer sends behind a request that is refused is read, so that the
 * kernel has no reason to reset the connection: a reset can destroy the
 * answer.  ends: the peer ends its output, and then reads. */
static void
test_no_reset(bool ends)
{
	const char *what = ends ? "a refused peer that ends" :
	    "a refused peer that talks on";
	struct loop *s = ws_loop_open(NULL, NULL);
	struct buf got = { 0 }, more = { 0 };
	int fd = ws_peer_tcp(s), i;
	bool open = true;

	(void)buf_fill(&more, 'x', 2 * STREAM_READ);
	peer_say(fd, "POST / HTTP/1.1\r\nHost: a.test\r\n"
	    "Content-Length: 1000000000\r\n\r\n");
	for (i = 0; i < 20; i++) {
		(void)peer_write(fd, buf_slice(&more));
		if (!ends)
			loop_turn(s);
	}
	if (ends)
		(void)shutdown(fd, SHUT_WR);
	for (i = 0; !ends && i < 20; i++)
		loop_turn(s);
	for (i = 0; open && i < TURNS_MAX; i++) {
		loop_turn(s);
		if (ends && !ws_is_empty(s))
			continue;
		errno = 0;
		open = peer_read(fd, &got) && errno == EAGAIN;
	}
	tap_ok(!open && errno == 0, "%s: no reset", what);
	check_answer(&got, false, "405\n", what);
	buf_clear(&got);
	buf_clear(&more);
	close_tcp(s, fd, what);
}

static void
test_no_delay(void)
{
	struct loop *s = ws_loop_open(NULL, NULL);
	int fd = ws_peer_tcp(s), on = 0;
	socklen_t len = sizeof(on);

	(void)getsockopt(ws_visit_conn(s)->stream.fd, IPPROTO_TCP, TCP_NODELAY,
	    &on, &len);
	tap_ok(on, "small writes are not delayed");
	close_tcp(s, fd, "TCP");
}

/* ---- the first bytes ---- */

static struct loop *
open_wamp(struct tls *tls)
{
	struct ws_settings set = ws_loop_settings();

	set.protocol = &protocol_wamp1;
	set.tls = tls;
	set.hsts = HOUR;
	return ws_loop_open(NULL, &set);
}

/* Oro's PHP client needs WELCOME in its first read. */
static void
test_one_write(void)
{
	struct loop *s = open_wamp(NULL);
	struct buf lines = { 0 };
	struct errbuf e = { "" };
	char got[4096];
	int fd = ws_peer_from(s, SOCK_SEQPACKET, "127.0.0.1");
	ssize_t n;

	peer_say(fd, WS_REQUEST "Sec-WebSocket-Protocol: wamp\r\n\r\n");
	(void)loop_settle(s);
	n = recv(fd, got, sizeof(got), 0);
	tap_int(ws_answer_read(slice_of(got, n > 0 ? (size_t)n : 0), false,
	    &lines, &e), 0, "an answer %s", e.msg);
	tap_ok(slice_starts(buf_slice(&lines), SLICE("101\ntext [0,\"")),
	    "101 and WELCOME leave in one write");
	buf_clear(&lines);
	close_loop(s, fd, "one write");
}

/* And in one record of TLS: its head has a type, a version and a length. */
static void
test_one_record(int version)
{
	struct tls *tls = tls_socket_server();
	struct loop *s = open_wamp(tls);
	struct address from = { .u.sa.sa_family = AF_UNIX };
	struct tls_socket t;
	struct buf got = { 0 };
	unsigned writes;
	int theirs, fd = peer_pair(SOCK_SEQPACKET, &theirs);
	size_t bytes;

	ws_adopt(s->ws, theirs, &from, true);
	tls_socket_open(&t, fd, version);
	tap_ok(tls_socket_shake(&t, s), "TLS");
	(void)tls_socket_hear(&t, s, &got);
	writes = t.writes;
	bytes = t.bytes;
	tls_socket_say(&t, WS_REQUEST "\r\n", sizeof(WS_REQUEST "\r\n") - 1);
	(void)tls_socket_hear(&t, s, &got);
	tap_ok(slice_starts(buf_slice(&got), SLICE("HTTP/1.1 101 ")),
	    "an answer");
	tap_ok(buf_cstr(&got) != NULL && strstr(got.data,
	    "\r\nStrict-Transport-Security: max-age=3600\r\n"),
	    "which says that TLS is to be used");
	tap_int(t.writes - writes, 1, "101 and WELCOME leave in one write");
	tap_ok(t.bytes - bytes < got.len + 60, "and in one record");
	fd = dup(t.fd);
	tls_socket_close(&t);
	buf_clear(&got);
	close_loop(s, fd, "one record");
	tls_free(tls);
}

/* chop: bytes of a write. */
static void
test_pieces(size_t chop)
{
	struct loop *s = ws_loop_open(NULL, NULL);
	struct buf all = { 0 }, got = { 0 };
	int fd = ws_peer_open(s);
	size_t at, n;

	(void)buf_add_str(&all, "\r\n" WS_REQUEST "\r\n");
	client_frame_add(&all, TEXT_PART, SLICE("early "));
	client_frame_add(&all, PING, SLICE("ping"));
	client_frame_add(&all, LAST, SLICE("data"));
	client_frame_add(&all, CLOSE, SLICE("\x03\xe8"));
	for (at = 0; at < all.len; at += n) {
		n = all.len - at < chop ? all.len - at : chop;
		(void)peer_write(fd, slice_of(all.data + at, n));
		(void)loop_settle(s);
	}
	tap_ok(!peer_hear(s, fd, &got), "in pieces of %zu, with its end",
	    chop);
	check_answer(&got, false,
	    "101\npong ping\ntext early data\nclose 1000\n", "in pieces");
	buf_clear(&all);
	buf_clear(&got);
	close_loop(s, fd, "in pieces");
}

/* ---- the size of a message ---- */

/* What a client sends that cannot make it smaller: a block of the text itself
 * (RFC 1951 section 3.2.4), and an empty one. */
static void
add_stored(struct buf *out, size_t size)
{
	const unsigned n = (unsigned)size;
	const char head[] = { 0, (char)n, (char)(n >> 8), (char)~n,
	    (char)(~n >> 8) };
	struct buf payload = { 0 };

	(void)buf_add(&payload, head, sizeof(head));
	(void)buf_fill(&payload, 'x', size);
	(void)buf_add_char(&payload, '\0');
	client_frame_add(out, TEXT | RSV1, buf_slice(&payload));
	buf_clear(&payload);
}

/* Its limit is that of the text. */
static void
test_stored(size_t size, const char *want)
{
	struct broker_settings core = fake_settings();
	struct ws_settings set = ws_loop_settings();
	struct buf got = { 0 }, all = { 0 };
	struct loop *s;
	int fd;

	core.limit_message = STORED;
	set.deflate = true;
	s = ws_loop_open(&core, &set);
	fd = ws_peer_open(s);
	peer_say(fd, WS_REQUEST "Sec-WebSocket-Extensions: permessage-deflate"
	    "\r\n\r\n");
	(void)peer_hear(s, fd, &got);
	add_stored(&all, size);
	(void)peer_write(fd, buf_slice(&all));
	buf_reset(&got);
	(void)peer_hear(s, fd, &got);
	tap_ok(slice_starts(buf_slice(&got), slice_str(want)),
	    "the limit of a message is that of its %zu bytes of text", size);
	buf_clear(&got);
	buf_clear(&all);
	close_loop(s, fd, "a message that was not made smaller");
}

int
main(void)
{
	test_stored(STORED, "\x81\x7e\x03\xe8xxx");
	test_stored(STORED + 1, "\x88");
	test_methods();
	test_paths();
	test_require_protocol();
	test_full();
	test_late("silence", "", "");
	test_late("a line in part", "GET / HT", "408\n");
	test_late("a head in part", WS_REQUEST, "408\n");
	test_no_reset(false);
	test_no_reset(true);
	test_no_delay();
	test_one_write();
	test_one_record(0);
	test_one_record(0x303);
	test_pieces(1);
	test_pieces(7);
	test_pieces(SIZE_MAX);
	loop_end_threads();
	return tap_done();
}
