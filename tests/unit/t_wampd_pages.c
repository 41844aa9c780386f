/*
 * t_wampd_pages.c: pages of HTTP: what is answered, and what becomes of the
 * connection.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ws_paging.h"

#define KEPT	256
#define KEPT_MS	75000
#define MINUTE_MS 60000

static void
test_answers(void)
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_plain(s, "192.0.2.1");

	peer_say(fd, ASK("/small"));
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", true), "GET");
	peer_say(fd, ASK("/small?verbose=1&/../x"));
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", true),
	    "GET with a query, on the same connection");
	peer_say(fd, "HEAD /small HTTP/1.1\r\nHost: localhost\r\n\r\n");
	tap_ok(hears_all(s, fd, SMALL_OK, true),
	    "HEAD: the same without content");
	peer_say(fd, ASK("http://localhost/small"));
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", true),
	    "an absolute target");
	tap_int(ask(s, fd, ASK("/unwell")), 503, "503");
	tap_ok(hears_all(s, fd, "", true), "leaves the connection, too");
	peer_say(fd, "GET /small HTTP/1.1\r\nHost: a\r\n"
	    "Connection: keep-alive, Close\r\n\r\n");
	tap_ok(hears_all(s, fd, LAST_OK "small\n", false),
	    "Connection: close ends it");
	(void)close(fd);
	fd = ws_peer_plain(s, "192.0.2.1");
	peer_say(fd, "GET /small HTTP/1.0\r\n\r\n");
	tap_ok(hears_all(s, fd, LAST_OK "small\n", false),
	    "HTTP/1.0, as HAProxy asks, without Host");
	(void)close(fd);
	tap_int(ask_once(s, true, "192.0.2.1", ASK("/failed")), 500,
	    "a page that cannot be made");
	paging_close(s, "answers");
}

static void
test_wrong(void)
{
	static const struct {
		const char *request;
		int	    status;
	} cases[] = {
		{ "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 0"
		  "\r\n\r\n", 405 },
		{ "OPTIONS /small HTTP/1.0\r\n\r\n", 405 },
		{ "get /small HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
		{ "GET /small HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
		  "abc", 413 },
		{ "GET /small HTTP/1.1\r\nHost: a\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413 },
		{ "GET /small HTTP/1.1\r\n\r\n", 400 },
		{ "GET /small HTTP/2.0\r\n\r\n", 505 },
		{ "GET /small\r\n", 400 },
		{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
		{ "\x16\x03\x01\x02", 400 },
		{ ASK("/"), 404 },
		{ ASK("/small/"), 404 },
		{ ASK("//small"), 404 },
		{ ASK("/%73mall"), 404 },
		{ ASK("/x/../small"), 404 },
		{ ASK("/SMALL"), 404 },
	};
	struct loop *s = paging_open(NULL);
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tap_int(ask_once(s, true, "192.0.2.1", cases[i].request),
		    cases[i].status, "case %zu", i);
	tap_int(paging.made, 0, "no page was made for these");
	tap_int(ask_once(s, true, "192.0.2.1", "GET /small HTTP/1.1\r\n"
	    WS_REQUEST_FIELDS "\r\n"), 200,
	    "where HTTP alone is spoken, there is no upgrade");
	paging_close(s, "wrong requests");
}

static void
test_shared(void)
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_from(s, SOCK_STREAM, "192.0.2.1");

	tap_int(ask(s, fd, ASK("/small")), 200,
	    "a page where WebSockets are served");
	tap_int(ask(s, fd, "GET /small HTTP/1.1\r\n" WS_REQUEST_FIELDS
	    "\r\n"), 101, "where the same path is that of a WebSocket");
	(void)close(fd);
	tap_int(ask_once(s, false, "192.0.2.1", ASK("/own")), 426,
	    "one that is not shared");
	paging_close(s, "shared");
}

/* ---- keeping connections ---- */

#define TIMES	50

static void
test_pipelining(void)
{
	struct loop *s = paging_open(NULL);
	struct buf all = { 0 }, want = { 0 };
	int i, fd = ws_peer_plain(s, "192.0.2.1");

	for (i = 0; i < TIMES; i++) {
		(void)buf_add_str(&all, ASK("/small"));
		(void)buf_add_str(&want, SMALL_OK "small\n");
	}
	(void)buf_add_str(&all, "GET /small HTTP/1.0\r\n\r\n" ASK("/small"));
	(void)buf_add_str(&want, LAST_OK "small\n");
	tap_int((int64_t)peer_write(fd, buf_slice(&all)), (int64_t)all.len,
	    "many requests at once");
	loop_turn(s);
	loop_turn(s);
	tap_ok(paging.made <= 2, "each has its own turn");
	tap_ok(hears_all(s, fd, buf_cstr(&want), false),
	    "they are answered in their order, up to the last one");
	tap_int(paging.made, TIMES + 1, "and none after it");
	(void)close(fd);
	fd = ws_peer_plain(s, "192.0.2.1");
	peer_say(fd, ASK("/small") "GET /small HT");
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", true),
	    "the next one comes cut");
	peer_say(fd, "TP/1.1\r\nHost: a\r\n\r\n");
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", true), "and is answered");
	peer_say(fd, ASK("/small"));
	(void)shutdown(fd, SHUT_WR);
	tap_ok(hears_all(s, fd, SMALL_OK "small\n", false),
	    "the end of input comes after a request");
	(void)close(fd);
	buf_clear(&all);
	buf_clear(&want);
	paging_close(s, "pipelining");
}

static void
test_blocked(void)
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_plain(s, "192.0.2.1");

	peer_say(fd, ASK("/large") ASK("/large"));
	(void)loop_settle(s);
	tap_int(paging.made, 1, "no answer is made for who does not read");
	buf_reset(&paging.heard);
	(void)peer_hear(s, fd, &paging.heard);
	tap_int(paging.made, 2, "it goes on with who does");
	tap_ok(paging.heard.len > 2 * PAGING_LARGE, "who gets all");
	peer_say(fd, ASK("/large"));
	(void)shutdown(fd, SHUT_WR);
	(void)loop_settle(s);
	buf_reset(&paging.heard);
	tap_ok(!peer_hear(s, fd, &paging.heard) &&
	    paging.heard.len > PAGING_LARGE,
	    "also if nothing more will be asked");
	(void)close(fd);
	fd = ws_peer_plain(s, "192.0.2.1");
	peer_say(fd, ASK("/large"));
	(void)loop_settle(s);
	(void)close(fd);
	(void)loop_settle(s);
	tap_ok(ws_is_empty(s), "who leaves leaves nothing");
	paging_close(s, "blocked");
}

static void
test_times(void)
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_plain(s, "192.0.2.1");

	tap_int(ask(s, fd, ASK("/small")), 200, "a client may stay");
	ws_pass(s, MINUTE_MS);
	tap_ok(hears_all(s, fd, "", true), "for more than a minute");
	ws_pass(s, KEPT_MS - MINUTE_MS);
	tap_ok(hears_all(s, fd, "", false), "and then the connection ends");
	(void)close(fd);
	fd = ws_peer_plain(s, "192.0.2.1");
	(void)ask(s, fd, ASK("/small"));
	tap_int(ask(s, fd, "GET /sma"), 0, "the next head comes slowly");
	tap_int((int64_t)s->ws->kept.n, 0, "so it is a visit");
	ws_pass(s, 3600 * 1000);
	tap_int(ask(s, fd, "l"), 408, "which has the time of any other");
	(void)close(fd);
	(void)loop_settle(s);
	tap_ok(ws_is_empty(s), "nothing is left");
	paging_close(s, "times");
}

static void
test_crowd(void)
{
	static int fds[KEPT + 1];
	struct loop *s = paging_open(NULL);
	size_t i;

	for (i = 0; i <= KEPT; i++) {
		fds[i] = ws_peer_plain(s, "192.0.2.1");
		if (ask(s, fds[i], ASK("/small")) != 200)
			abort();
	}
	tap_int((int64_t)s->ws->kept.n, KEPT, "not too many are kept");
	tap_ok(hears_all(s, fds[0], "", false), "the oldest had to go");
	tap_int(ask(s, fds[1], ASK("/small")), 200, "the others stay");
	s->broker->now += 3600 * 1000;
	tap_ok(ws_make_room(s->ws), "they make room for others");
	tap_int((int64_t)s->ws->kept.n, KEPT - 1, "one by one");
	for (i = 0; i <= KEPT; i++)
		(void)close(fds[i]);
	paging_close(s, "a crowd");
}

/* The broker ends, in the middle of it. */
static void
test_end(void)
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_plain(s, "192.0.2.1"), other;

	(void)ask(s, fd, ASK("/small"));
	other = ws_peer_plain(s, "192.0.2.1");
	s->broker->stop_until = s->broker->now + 3600 * 1000;
	peer_say(other, ASK("/small"));
	tap_ok(hears_all(s, other, LAST_OK "small\n", false),
	    "nobody is kept while the broker stops");
	s->broker->stop_until = 0;
	(void)close(other);
	paging_close(s, "the end");
	(void)close(fd);
}

static void
test_edges(void)
{
	const uint16_t edges = ws_edges(CONN_KEPT);

	tap_int(paging.taken[CONN_KEPT], edges, "all edges were taken");
	tap_ok(paging.taken[CONN_HEAD] & 1u << CONN_KEPT, "and that to it");
}

int
main(void)
{
	test_answers();
	test_wrong();
	test_shared();
	test_pipelining();
	test_blocked();
	test_times();
	test_crowd();
	test_end();
	test_edges();
	buf_clear(&paging.heard);
	return tap_done();
}
