/*
 * t_wampd_relay_bounds.c: how long, how large and how many the answers of
 * servers of HTTP may be.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_served.h"
#include "tap.h"

#define BOUND	(1u << 20)	/* bytes that a relay buffers, and the sockets
				 * around it */

/* ---- time ---- */

static void
test_silent(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;
	int64_t wait;

	served_ask(s, &c, tls, SERVED_GET);
	ws_pass(s, s->ws->relays.time - 1000);
	wait = ws_turn(s->ws, true);
	tap_ok(served_is_read(), "a server may take its time");
	tap_ok(wait > 0 && wait <= 1000, "which is looked at in time");
	served_pass(s);
	tap_ok(http_client_hear(s, &c), "but not too much");
	tap_int(http_client_status(&c), 500, "the client is told");
	tap_ok(!served_is_read(), "and the server learns it");
	http_client_close(&c);
	served_close(s, "a silent server");
}

/* TLS shows that it is not the end; without, only the length can. */
static void
test_stuck(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	(void)served_say("HTTP/1.1 200 OK\r\n");
	tap_ok(!http_client_hear(s, &c), "an answer begins");
	served_pass(s);		/* the client has taken that meanwhile */
	tap_ok(served_is_read(), "that is progress");
	served_pass(s);
	tap_int(http_client_hear(s, &c), !tls, "and this is not");
	tap_slice(buf_slice(&c.in), "HTTP/1.1 200 OK\r\n", "nothing follows");
	http_client_close(&c);
	served_close(s, "a stuck server");
}

/* ---- slow clients ---- */

/* The server writes until nobody takes anything; how many bytes. */
static size_t
fill(struct loop *s)
{
	static char piece[65536];
	size_t sum = 0, before;
	ssize_t n;

	do {
		before = sum;
		while ((n = send(served.fd, piece, sizeof(piece),
		    MSG_NOSIGNAL)) > 0)
			sum += (size_t)n;
		if (!loop_settle(s))
			abort();
	} while (sum > before);
	return sum;
}

static void
test_slow(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;
	size_t sum;

	served_ask(s, &c, tls, SERVED_GET);
	sum = fill(s);
	tap_ok(sum < BOUND, "few bytes wait: %zu", sum);
	http_client_take(s, &c);
	served_pass(s);
	tap_ok(served_is_read(), "the client has read some");
	tap_ok(fill(s) < BOUND, "few bytes follow");
	served_pass(s);
	served_pass(s);
	tap_ok(!served_is_read(), "nothing more: it is over");
	(void)http_client_hear(s, &c);
	tap_ok(c.in.len < sum * 2, "the client has lost the rest");
	http_client_close(&c);
	served_close(s, "a slow client");
}

/* The server has left, and the client takes the rest later than a farewell
 * lasts. */
static void
test_rest(bool tls)
{
	struct loop *s = served_open();
	struct http_client c;
	size_t sum;

	served_ask(s, &c, tls, SERVED_GET);
	sum = fill(s);
	served_hang_up();
	tap_ok(loop_settle(s), "nothing spins");
	ws_pass(s, s->ws->farewells.time);
	http_client_take(s, &c);
	tap_ok(!c.ended, "the rest is no farewell");
	served_pass(s);
	tap_ok(http_client_hear(s, &c), "it ends");
	tap_int((int64_t)c.in.len, (int64_t)sum, "when all was read");
	http_client_close(&c);
	served_close(s, "a rest");
}

/* The client leaves while bytes wait for it. */
static void
test_gone(bool tls, bool over)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, tls, SERVED_GET);
	(void)fill(s);
	if (over)
		served_hang_up();
	http_client_close(&c);
	tap_ok(loop_settle(s), "nothing spins");
	if (over)
		tap_int((int64_t)s->ws->relays.n, 0, "nobody waits");
	else
		tap_ok(!served_is_read(), "the server learns it");
	served_close(s, "a slow client that leaves");
}

/* ---- number ---- */

static void
test_excess(void)
{
	struct loop *s = served_open();
	struct http_client c[3];
	int fd[3], i;

	tap_int((int64_t)s->ws->relays.most, 512, "so many may be");
	s->ws->relays.most = 2;
	for (i = 0; i < 3; i++) {
		served_ask(s, &c[i], false, SERVED_GET);
		fd[i] = served.fd;
		served.fd = -1;
		if (i == 1)	/* now the second is the oldest */
			(void)peer_write(fd[0], SLICE("x"));
		(void)loop_settle(s);
	}
	tap_int((int64_t)s->ws->relays.n, 2, "not more");
	tap_ok(http_client_hears(s, &c[1], ""), "the oldest one goes");
	for (i = 0; i < 3; i += 2) {
		(void)peer_write(fd[i], SLICE("y"));
		(void)close(fd[i]);
	}
	tap_ok(http_client_hears(s, &c[0], "xy"), "but not one with progress");
	tap_ok(http_client_hears(s, &c[2], "y"), "nor the newest");
	(void)close(fd[1]);
	for (i = 0; i < 3; i++)
		http_client_close(&c[i]);
	served_close(s, "too many");
}

/* Those that nobody waits for count as well. */
static void
test_left(void)
{
	struct loop *s = served_open();
	struct http_client c;
	int fd[3], i;

	s->ws->relays.most = 2;
	for (i = 0; i < 3; i++) {
		served_ask(s, &c, false, SERVED_GET);
		fd[i] = served.fd;
		served.fd = -1;
		http_client_close(&c);
		(void)loop_settle(s);
	}
	tap_int((int64_t)s->ws->relays.n, 2, "whose clients left count, too");
	tap_int((int64_t)recv(fd[0], &(char){ 0 }, 1, 0), 0,
	    "the oldest is cut off");
	for (i = 0; i < 3; i++)
		(void)close(fd[i]);
	served_close(s, "whose clients left");
}

static void
test_room(void)
{
	struct loop *s = served_open();
	struct http_client c;

	served_ask(s, &c, false, SERVED_GET);
	tap_ok(!ws_make_room(s->ws), "who has just come makes no room");
	ws_pass(s, 2000);
	tap_ok(ws_make_room(s->ws), "a relay makes room for others");
	tap_ok(http_client_hears(s, &c, ""), "and ends");
	tap_ok(!ws_make_room(s->ws), "nobody else is there");
	http_client_close(&c);
	served_close(s, "room");
}

/* The descriptors of the pair must not be among the last ones, which others
 * need. */
static void
test_descriptors(void)
{
	struct loop *s = served_open();
	struct rlimit before, few;
	struct http_client c;

	http_client_ask(s, &c, false, SERVED_GET);
	if (getrlimit(RLIMIT_NOFILE, &before) == -1)
		abort();
	few = before;
	few.rlim_cur = (rlim_t)c.fd + 4;
	(void)setrlimit(RLIMIT_NOFILE, &few);
	tap_ok(http_client_hear(s, &c), "no descriptors: it ends");
	(void)setrlimit(RLIMIT_NOFILE, &before);
	tap_int(http_client_status(&c), 500, "the client is told");
	tap_int(served.visits, 0, "the server is not asked");
	http_client_close(&c);
	served_close(s, "no descriptors");
}

int
main(void)
{
	int tls;

	for (tls = 0; tls < 2; tls++) {
		test_silent(tls);
		test_stuck(tls);
		test_slow(tls);
		test_rest(tls);
		test_gone(tls, false);
		test_gone(tls, true);
	}
	test_excess();
	test_left();
	test_room();
	test_descriptors();
	served_free();
	return tap_done();
}
