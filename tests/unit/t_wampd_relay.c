/*
 * t_wampd_relay.c: what a server of HTTP gets of a request, and what the client
 * gets of the answer.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_served.h"
#include "tap.h"

#define CROWD	300	/* requests; more than are judged in a turn */

/* ---- requests ---- */

static void
test_heads(bool tls)
{
	static const struct {
		const char *from, *to, *path;
	} heads[] = {
		{ SERVED_GET, "GET /health HTTP/1.1\r\nConnection: close\r\n"
		    "Host: h\r\n\r\n", "/health" },
		{ "\r\nHEAD http://other:8/files/a%20b?c=/../d HTTP/1.1\r\n"
		    "Accept:  a, b \r\nHost: h\r\ncontent-LENGTH: 0\r\n"
		    "aCCEPT:\r\n\r\n",
		    "HEAD /files/a%20b?c=/../d HTTP/1.1\r\n"
		    "Connection: close\r\nHost: other:8\r\nAccept: a, b\r\n"
		    "aCCEPT: \r\n\r\n", "/files/a%20b" },
		{ "GET /health? HTTP/1.1\r\nConnection: keep-alive, Upgrade, "
		    "HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n"
		    "Keep-Alive: 5\r\nTE: trailers\r\nCookie: a=b\r\n"
		    "Expect: 100-continue\r\nAccept-: a\r\nA: b\r\n"
		    "X-Forwarded-For: 192.0.2.9\r\nHost: h\r\n"
		    "Range: bytes=1-2\r\n\r\n",
		    "GET /health HTTP/1.1\r\nConnection: close\r\nHost: h\r\n"
		    "Range: bytes=1-2\r\n\r\n", "/health" },
	};
	struct loop *s = served_open();
	struct http_client c;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		served_ask(s, &c, tls, heads[i].from);
		tap_slice(buf_slice(&served.head), heads[i].to, "head %zu", i);
		tap_slice(buf_slice(&served.path), heads[i].path, "the path");
		tap_slice(buf_slice(&served.peer), HTTP_CLIENT_ADDRESS,
		    "the real address");
		tap_int(served.tls, tls, "whether there is TLS");
		(void)served_say(SERVED_ANSWER);
		served_hang_up();
		tap_ok(http_client_hears(s, &c, SERVED_ANSWER), "the answer");
		http_client_close(&c);
	}
	served_close(s, "heads");
}

static void
test_refused(bool tls)
{
	static const struct {
		const char *text;
		int	    status;
	} requests[] = {
		{ "POST /health HTTP/1.1\r\nHost: h\r\n\r\n", 405 },
		{ "OPTIONS /files/a HTTP/1.1\r\nHost: h\r\n\r\n", 405 },
		{ "GET /health HTTP/1.0\r\n\r\n", 505 },
		{ "GET /health HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
		    "\r\nabc", 413 },
		{ "GET /health HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
		    "chunked\r\n\r\n0\r\n\r\n", 413 },
		{ "GET /files/../health HTTP/1.1\r\nHost: h\r\n\r\n", 426 },
		{ "GET /health HTTP/1.1\r\n\r\n", 400 },
	};
	struct loop *s = served_open();
	struct http_client c;
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		http_client_ask(s, &c, tls, requests[i].text);
		tap_ok(http_client_hear(s, &c), "%.20s", requests[i].text);
		tap_int(http_client_status(&c), requests[i].status,
		    "the status");
		tap_ok((strstr(buf_cstr(&c.in), "\r\nAllow: GET, HEAD\r\n") !=
		    NULL) == (requests[i].status == 405), "and Allow");
		http_client_close(&c);
	}
	tap_int(served.visits, 0, "the server sees none of them");
	served_close(s, "refused");
}

/* The heads that wait for their turn are in another place. */
static void
test_crowd(void)
{
	struct loop *s = served_open();
	static struct http_client c[CROWD];
	int i, good = 0;

	served.answers = true;
	for (i = 0; i < CROWD; i++)
		http_client_ask(s, &c[i], false, SERVED_GET);
	for (i = 0; i < CROWD; i++) {
		good += http_client_hears(s, &c[i], SERVED_ANSWER) &&
		    slice_eq(buf_slice(&served.path), SLICE("/health"));
		http_client_close(&c[i]);
	}
	served.answers = false;
	tap_int(good, CROWD, "all of many at once are served");
	served_close(s, "a crowd");
}

/* ---- bytes behind the head ---- */

static void
test_more(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;
	int i;

	served_ask(s, &c, tls, SERVED_GET SERVED_GET);
	for (i = 0; i < 100; i++)
		http_client_say(&c, SLICE(SERVED_GET));
	http_client_say(&c, SLICE(WS_REQUEST "\r\n"));
	tap_ok(loop_settle(s), "nothing spins");
	tap_int(served_read(), -1, "the server can read nothing");
	(void)served_say(SERVED_ANSWER);
	served_hang_up();
	tap_ok(http_client_hears(s, &c, SERVED_ANSWER), "one is answered");
	tap_int(served.visits, 1, "and one was asked");
	http_client_close(&c);
	served_close(s, "more than one request");
}

/* ---- answers ---- */

/* In the client's own time, and in any pieces. */
static void
test_pieces(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;
	size_t i;

	served_ask(s, &c, tls, SERVED_GET);
	for (i = 0; i < sizeof(SERVED_ANSWER) - 1; i++) {
		(void)served_say((char[2]){ SERVED_ANSWER[i] });
		tap_ok(!http_client_hear(s, &c) && c.in.len == i + 1,
		    "%zu bytes are passed on at once", i + 1);
	}
	served_hang_up();
	tap_ok(http_client_hears(s, &c, SERVED_ANSWER), "and the end");
	http_client_close(&c);
	served_close(s, "in pieces");
}

/* The server ends its side, but keeps the socket. */
static void
test_shut(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	(void)served_say(SERVED_ANSWER);
	(void)shutdown(served.fd, SHUT_WR);
	tap_ok(http_client_hears(s, &c, SERVED_ANSWER), "that is the end");
	tap_int(served_read(), 0, "of both sides");
	http_client_close(&c);
	served_close(s, "the server's end");
}

static void
test_no_answer(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	served_hang_up();
	tap_ok(http_client_hear(s, &c), "a server says nothing");
	tap_int(http_client_status(&c), 500, "the client is told");
	http_client_close(&c);
	served_ask(s, &c, tls, "HEAD /health HTTP/1.1\r\nHost: h\r\n\r\n");
	served_hang_up();
	tap_ok(http_client_hear(s, &c), "a server says nothing to HEAD");
	tap_int(http_client_status(&c), 500, "the client is told");
	tap_int((int64_t)http_client_body(&c).len, 0, "without a body");
	http_client_close(&c);
	tap_int((int64_t)s->broker->stats.refused_internal, 2, "it counts");
	served_close(s, "no answer");
}

/* ---- clients that leave ---- */

static void
test_half_closed(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	http_client_shut(&c);
	tap_ok(loop_settle(s), "nothing spins");
	tap_int((int64_t)s->ws->relays.n, 1, "who says nothing may read");
	(void)served_say(SERVED_ANSWER);
	served_hang_up();
	tap_ok(http_client_hears(s, &c, SERVED_ANSWER), "the answer");
	http_client_close(&c);
	served_close(s, "half closed");
}

/* The server learns it when it answers.  Until then there is nothing to read
 * for it, not even the end. */
static void
test_gone(bool tls, bool begun)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	if (begun) {
		(void)served_say(SERVED_ANSWER);
		(void)http_client_hear(s, &c);
	}
	http_client_close(&c);
	tap_ok(loop_settle(s), "nothing spins");
	tap_int(served_read(), -1, "a client leaves");
	tap_ok(!served_is_read(), "the server learns it");
	tap_int((int64_t)s->ws->relays.n, 1, "and may take its time");
	served_pass(s);
	tap_int((int64_t)s->ws->relays.n, 0, "but not too much");
	tap_int(served_read(), 0, "then it is cut off");
	served_close(s, "gone");
}

/* The broker ends while requests are served. */
static void
test_end(void)
{
	struct loop *s = served_open();
	uint16_t taken[CONN_STATES] = { 0 };
	struct http_client c[3];
	int fd, i;

	served_ask(s, &c[0], false, SERVED_GET);
	fd = dup(served.fd);
	served_ask(s, &c[1], true, SERVED_GET);
	served_ask(s, &c[2], false, SERVED_GET);
	(void)close(fd);
	http_client_close(&c[2]);
	(void)loop_settle(s);
	ws_loop_close(s, taken);
	tap_int(served_read(), 0, "the broker ends: so do the servers");
	for (i = 0; i < 2; i++)
		http_client_close(&c[i]);
	served_hang_up();
}

int
main(void)
{
	int tls;

	for (tls = 0; tls < 2; tls++) {
		test_heads(tls);
		test_refused(tls);
		test_more(tls);
		test_pieces(tls);
		test_shut(tls);
		test_no_answer(tls);
		test_half_closed(tls);
		test_gone(tls, false);
		test_gone(tls, true);
	}
	test_crowd();
	test_end();
	served_free();
	return tap_done();
}
